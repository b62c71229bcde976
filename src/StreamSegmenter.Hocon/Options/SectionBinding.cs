using System.Globalization;
using Microsoft.Extensions.Configuration;
using StreamSegmenter.Hocon.Configuration;
using StreamSegmenter.Hocon.Files;

namespace StreamSegmenter.Hocon.Options;

/// <summary>Binds one section, depth first, and collects the errors.</summary>
internal sealed class SectionBinding(
    IConfigurationRoot configuration,
    IHoconFiles files,
    IReadOnlyCollection<Type> secretTypes
)
{
    private readonly List<ConfigurationError> _errors = [];

    public IReadOnlyList<ConfigurationError> Errors => _errors;

    /// <summary>The options at a key; null when there are errors in them.</summary>
    /// <param name="defaults">Holds the values of absent keys; null when there are none.</param>
    public object? BindOptions(Type type, ConfigurationKey key, object? defaults)
    {
        var shape = OptionsShape.Of(type);
        var section = configuration.GetSection(key.Joined);
        var errorsBefore = _errors.Count;
        if (!string.IsNullOrEmpty(section.Value))
        {
            Report(key, "expected an object, got a single value", $"write {Last(key)} {{ ... }}");
            return null;
        }
        foreach (var child in section.GetChildren().Where(child => !shape.Has(child.Key)))
        {
            _errors.Add(UnknownKeys.Error(configuration, key.Child(child.Key), [.. shape.Keys]));
        }
        var values = shape
            .Members.Select(member =>
                BindMember(member, key.Child(member.Key), defaults is null ? null : member.Property.GetValue(defaults))
            )
            .ToList();
        if (_errors.Count > errorsBefore)
        {
            return null;
        }
        var options = shape.Create(values);
        Validate(options as IValidatedOptions, key);
        return options;
    }

    private object? BindMember(OptionsMember member, ConfigurationKey key, object? fallback)
    {
        var errorsBefore = _errors.Count;
        var value = BindValue(member.Type, member.IsNullable, key, fallback);
        if (_errors.Count == errorsBefore && value is not null)
        {
            var shown = IsSecret(value.GetType()) ? "***" : configuration[key.Joined];
            _errors.AddRange(
                OptionsRules
                    .Violations(member, value, shown)
                    .Select(broken => new ConfigurationError(Origin(key), key.ToString(), broken.Problem, broken.Cure))
            );
        }
        return value;
    }

    private object? BindValue(Type type, bool isNullable, ConfigurationKey key, object? fallback)
    {
        var section = configuration.GetSection(key.Joined);
        var target = Nullable.GetUnderlyingType(type) ?? type;
        if (!section.Exists())
        {
            return fallback ?? Absent(target, isNullable, key);
        }
        if (IsSecret(target))
        {
            return
                ReadText(section, key, "a string", "write it in quotes") is { } text
                && ReadSecret(text, key) is { } secret
                ? Concealed(target, secret)
                : null;
        }
        if (ScalarReader.For(target) is { } reader)
        {
            return ReadScalar(reader, section, key);
        }
        return CollectionShape.Of(target) is { } collection
            ? BindCollection(collection, section, key)
            : BindOptions(target, key, fallback);
    }

    private object? Absent(Type type, bool isNullable, ConfigurationKey key)
    {
        if (isNullable)
        {
            return null;
        }
        if (CollectionShape.Of(type) is { IsDictionary: true } dictionary)
        {
            return dictionary.Create([]); // an empty object leaves no trace in a configuration
        }
        Report(key, "has no value", $"add {Last(key)} = ...");
        return null;
    }

    private object? ReadScalar(ScalarReader reader, IConfigurationSection section, ConfigurationKey key)
    {
        if (ReadText(section, key, reader.Expected, reader.Cure) is not { } text)
        {
            return null;
        }
        var value = reader.Read(text);
        if (value is null)
        {
            Report(key, $"expected {reader.Expected}, got {Shown(key, text)}", reader.Cure);
        }
        return value;
    }

    private string? ReadText(IConfigurationSection section, ConfigurationKey key, string expected, string cure)
    {
        if (section.Value is null)
        {
            var isList = section.GetChildren().All(static child => IsIndex(child.Key));
            Report(key, $"expected {expected}, got {(isList ? "an array" : "an object")}", cure);
        }
        return section.Value;
    }

    private object? BindCollection(CollectionShape collection, IConfigurationSection section, ConfigurationKey key)
    {
        if (!string.IsNullOrEmpty(section.Value))
        {
            var (what, example) = collection.IsDictionary ? ("an object", "{ ... }") : ("an array", "[ ... ]");
            Report(key, $"expected {what}, got a single value", $"write {Last(key)} = {example}");
            return null;
        }
        var items = new List<(string? Name, object? Value)>();
        var isNullable = Nullable.GetUnderlyingType(collection.Element) is not null;
        foreach (var (name, child) in collection.IsDictionary ? Named(collection, section, key) : Listed(section, key))
        {
            if (!collection.IsDictionary && !IsIndex(name))
            {
                Report(key, $"expected an array, got an object with the key {name}", "write [ ... ]");
                return null;
            }
            items.Add((name, BindValue(collection.Element, isNullable, child, fallback: null)));
        }
        return items.TrueForAll(item => item.Value is not null || isNullable) ? collection.Create(items) : null;
    }

    private static IEnumerable<(string Name, ConfigurationKey Key)> Listed(
        IConfigurationSection section,
        ConfigurationKey key
    ) => section.GetChildren().Select(child => (child.Key, key.Child(child.Key)));

    /// <summary>
    /// The values by name. HOCON reads a dot in a name as an object in an object, so where values are plain, a name
    /// may have dots: <c>security.protocol = SSL</c>.
    /// </summary>
    private IEnumerable<(string Name, ConfigurationKey Key)> Named(
        CollectionShape collection,
        IConfigurationSection section,
        ConfigurationKey key
    )
    {
        if (!IsSecret(collection.Element) && ScalarReader.For(collection.Element) is null)
        {
            return Listed(section, key);
        }
        return section
            .GetChildren()
            .SelectMany(child =>
                child.Value is null && child.GetChildren().Any(inner => !IsIndex(inner.Key))
                    ? Named(collection, child, key.Child(child.Key))
                        .Select(inner => ($"{child.Key}.{inner.Name}", inner.Key))
                    : [(child.Key, key.Child(child.Key))]
            );
    }

    private bool IsSecret(Type type) => type == typeof(Secret) || secretTypes.Contains(type);

    private static object? Concealed(Type type, Secret secret) =>
        type == typeof(Secret) ? secret : ScalarReader.For(type)?.Read(secret.Reveal());

    private Secret? ReadSecret(string text, ConfigurationKey key)
    {
        const string FilePrefix = "file:";
        const int MaxBytes = 64 * 1024;
        if (!text.StartsWith(FilePrefix, StringComparison.Ordinal))
        {
            return new Secret(text);
        }
        var path = text[FilePrefix.Length..];
        if (Origin(key) is { Kind: HoconOriginKind.Text } origin)
        {
            path = Path.Combine(Path.GetDirectoryName(origin.Source) ?? "", path);
        }
        try
        {
            if (TextFile.Read(files, path, MaxBytes) is { } content)
            {
                return new Secret(content.TrimEnd('\r', '\n'));
            }
            Report(key, $"the secret's file {path} does not exist", "create it or correct the path");
        }
        catch (HoconException e)
        {
            Report(key, $"the secret's file {path}: {e.Problem}", "correct the file or its permissions");
        }
        return null;
    }

    private void Validate(IValidatedOptions? options, ConfigurationKey key)
    {
        foreach (var violation in options?.Validate() ?? [])
        {
            Report(key.Child(KebabCase.Of(violation.Property)), violation.Problem, violation.Cure);
        }
    }

    private void Report(ConfigurationKey key, string problem, string cure) =>
        _errors.Add(new ConfigurationError(Origin(key), key.ToString(), problem, cure));

    /// <summary>Where the key was written, or else the nearest object around it.</summary>
    private HoconOrigin? Origin(ConfigurationKey key) =>
        configuration.FindOrigin(key.Joined) ?? (key.Parent is { } parent ? Origin(parent) : null);

    /// <summary>What came from the environment may be a secret that was meant for another key.</summary>
    private string Shown(ConfigurationKey key, string text) =>
        Origin(key) is { Kind: HoconOriginKind.EnvironmentVariable } ? "a string" : $"\"{text}\"";

    private static string Last(ConfigurationKey key) => new HoconPath(key.Path.Keys[^1]).ToString();

    private static bool IsIndex(string key) =>
        int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out _);
}
