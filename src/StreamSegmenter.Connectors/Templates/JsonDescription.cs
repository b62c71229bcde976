using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using HandlebarsDotNet;
using HandlebarsDotNet.Compiler;
using HandlebarsDotNet.IO;
using HandlebarsDotNet.Iterators;
using HandlebarsDotNet.MemberAccessors;
using HandlebarsDotNet.ObjectDescriptors;
using HandlebarsDotNet.PathStructure;

namespace StreamSegmenter.Connectors.Templates;

/// <summary>
/// Tells the template engine what it may see: members of JSON objects and items of JSON arrays. Every other type is
/// described as empty, so that no template reaches a .NET object by reflection.
/// </summary>
internal sealed class JsonDescription : IObjectDescriptorProvider
{
    private static readonly ObjectDescriptor Json = new(
        typeof(JsonElement),
        new Members(),
        static (_, _) => Array.Empty<string>(),
        static _ => new CountedRounds()
    );

    private static readonly ObjectDescriptor Nothing = new(
        typeof(object),
        new NoMembers(),
        static (_, _) => Array.Empty<string>(),
        static _ => new NoRounds()
    );

    public bool TryGetDescriptor(Type type, [NotNullWhen(true)] out ObjectDescriptor? value)
    {
        value = type == typeof(JsonElement) ? Json : Nothing;
        return true;
    }

    private sealed class Members : IMemberAccessor
    {
        // A JSON null counts as missing: nobody wants "Dear null".
        public bool TryGetValue(object instance, ChainSegment memberName, out object? value)
        {
            bool found = TryGet((JsonElement)instance, memberName.TrimmedValue, out var member);
            bool hasValue = found && member.ValueKind != JsonValueKind.Null;
            value = hasValue ? member : null;
            return hasValue;
        }

        private static bool TryGet(JsonElement element, string name, out JsonElement member)
        {
            member = default;
            if (element.ValueKind == JsonValueKind.Object)
            {
                return element.TryGetProperty(name, out member);
            }

            bool isItem =
                element.ValueKind == JsonValueKind.Array
                && int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int index)
                && index < element.GetArrayLength()
                && (member = element[index]).ValueKind != JsonValueKind.Undefined;
            return isItem;
        }
    }

    private sealed class NoMembers : IMemberAccessor
    {
        public bool TryGetValue(object instance, ChainSegment memberName, out object? value)
        {
            value = null;
            return false;
        }
    }

    /// <summary>Loops over JSON, each round counted as a step even when it writes nothing.</summary>
    private sealed class CountedRounds : IIterator
    {
        private readonly JsonElementIterator _inner = new();

        public void Iterate(
            in EncodedTextWriter writer,
            BindingContext context,
            ChainSegment[] blockParamsVariables,
            object input,
            TemplateDelegate template,
            TemplateDelegate ifEmpty
        )
        {
            var element = (JsonElement)input;
            int rounds = element.ValueKind switch
            {
                JsonValueKind.Array => element.GetArrayLength(),
                JsonValueKind.Object => element.GetPropertyCount(),
                _ => 0,
            };
            for (int i = 0; i < rounds; i++)
            {
                writer.Write("", encode: false); // the bounded writer counts writes
            }

            _inner.Iterate(writer, context, blockParamsVariables, input, template, ifEmpty);
        }
    }

    private sealed class NoRounds : IIterator
    {
        public void Iterate(
            in EncodedTextWriter writer,
            BindingContext context,
            ChainSegment[] blockParamsVariables,
            object input,
            TemplateDelegate template,
            TemplateDelegate ifEmpty
        ) => ifEmpty(writer, context);
    }
}

/// <summary>Writes JSON values the way they came, and refuses to write what is missing.</summary>
internal sealed class JsonFormat : IFormatter, IFormatterProvider
{
    public bool TryCreateFormatter(Type type, [NotNullWhen(true)] out IFormatter? formatter)
    {
        formatter = type == typeof(JsonElement) || type == typeof(UndefinedBindingResult) ? this : null;
        return formatter is not null;
    }

    public void Format<T>(T value, in EncodedTextWriter writer)
    {
        switch (value)
        {
            case JsonElement { ValueKind: JsonValueKind.String } text:
                writer.Write(JsonText.Of(text), encode: true);
                break;
            case JsonElement { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } element:
                writer.Write(element.GetRawText(), encode: true);
                break;
            case UndefinedBindingResult missing:
                throw new MissingValueException(missing.Value);
            default:
                throw new TemplateException(
                    "a null would be written; write {{default this \"...\"}} if there may be one"
                );
        }
    }
}
