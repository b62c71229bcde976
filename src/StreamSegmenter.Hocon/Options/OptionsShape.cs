using System.ComponentModel.DataAnnotations;
using System.Reflection;

namespace StreamSegmenter.Hocon.Options;

/// <summary>What the binder needs to know of a class of options: its keys and how to make one.</summary>
internal sealed class OptionsShape
{
    private readonly ConstructorInfo _constructor;
    private readonly Dictionary<string, OptionsMember> _byKey;

    private OptionsShape(ConstructorInfo constructor, IReadOnlyList<OptionsMember> members)
    {
        _constructor = constructor;
        Members = members;
        _byKey = members.ToDictionary(static member => member.Key, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The properties in the order in which they are declared.</summary>
    public IReadOnlyList<OptionsMember> Members { get; }

    public IEnumerable<string> Keys => _byKey.Keys;

    public bool Has(string key) => _byKey.ContainsKey(key);

    /// <summary>
    /// Reads a class: one with a parameterless constructor and properties to set, or a positional record.
    /// </summary>
    public static OptionsShape Of(Type type)
    {
        var constructor = type.GetConstructors().MinBy(static c => c.GetParameters().Length);
        if (constructor is null || type.IsAbstract)
        {
            throw new NotSupportedException($"{type} cannot hold options: it needs a public constructor");
        }
        var parameters = constructor
            .GetParameters()
            .ToDictionary(static p => p.Name!, StringComparer.OrdinalIgnoreCase);
        var nullability = new NullabilityInfoContext();
        var members = type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.CanWrite || parameters.ContainsKey(p.Name))
            .Select(p => OptionsMember.Of(p, parameters.GetValueOrDefault(p.Name), nullability));
        return new OptionsShape(constructor, [.. members]);
    }

    /// <summary>Makes the options. Values are given in the order of <see cref="Members"/>.</summary>
    public object Create(IReadOnlyList<object?> values)
    {
        var arguments = new object?[_constructor.GetParameters().Length];
        for (var i = 0; i < values.Count; i++)
        {
            if (Members[i].Parameter is { } parameter)
            {
                arguments[parameter.Position] = values[i];
            }
        }
        var options = _constructor.Invoke(arguments);
        for (var i = 0; i < values.Count; i++)
        {
            if (Members[i].Parameter is null)
            {
                Members[i].Property.SetValue(options, values[i]);
            }
        }
        return options;
    }
}

/// <summary>A property of a class of options.</summary>
internal sealed record OptionsMember(
    string Key,
    PropertyInfo Property,
    ParameterInfo? Parameter,
    bool IsNullable,
    IReadOnlyList<ValidationAttribute> Rules
)
{
    public Type Type => Property.PropertyType;

    public static OptionsMember Of(PropertyInfo property, ParameterInfo? parameter, NullabilityInfoContext nullability)
    {
        var rules = property.GetCustomAttributes<ValidationAttribute>();
        var more = parameter?.GetCustomAttributes<ValidationAttribute>() ?? [];
        var isNullable = nullability.Create(property).ReadState == NullabilityState.Nullable;
        return new OptionsMember(KebabCase.Of(property.Name), property, parameter, isNullable, [.. rules, .. more]);
    }
}
