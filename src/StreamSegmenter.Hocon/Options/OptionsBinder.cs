using Microsoft.Extensions.Configuration;
using StreamSegmenter.Hocon.Configuration;
using StreamSegmenter.Hocon.Files;

namespace StreamSegmenter.Hocon.Options;

/// <summary>
/// Binds sections of a configuration to classes of options and says everything that is wrong with them.
/// The key of a property is its name with hyphens (<c>BatchSize</c> is <c>batch-size</c>). A property that is not
/// nullable needs a value; defaults come from the lowest layer of the configuration, not from the class.
/// Not safe for concurrent use.
/// </summary>
/// <param name="configuration">The configuration with all its sources.</param>
/// <param name="files">Where <see cref="Secret"/>s written as <c>file:PATH</c> are read.</param>
public sealed class OptionsBinder(IConfigurationRoot configuration, IHoconFiles files)
{
    /// <summary>
    /// Types that are read as <see cref="Secret"/> is, from a <c>file:PATH</c> too, and whose values no message shows.
    /// They must be <see cref="IParsable{TSelf}"/>.
    /// </summary>
    public IReadOnlyCollection<Type> SecretTypes { get; init; } = [];

    private readonly HashSet<string> _boundSections = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Binds a section. All errors in it are in the result: unknown keys, missing values, wrong types, values out of
    /// the range that an attribute sets, and what <see cref="IValidatedOptions"/> yields.
    /// Throws <see cref="NotSupportedException"/> when a property has a type that cannot be bound.
    /// </summary>
    /// <param name="section">The section in HOCON's form, such as <c>connectors.email</c>.</param>
    public OptionsResult<T> Bind<T>(string section)
        where T : class => Bind<T>(typeof(T), section, defaults: null);

    /// <summary>
    /// Binds a section over options that hold the defaults: a key without a value keeps that of its property. The
    /// result is new and of the same class as <paramref name="defaults"/>, which may be derived from
    /// <typeparamref name="T"/>.
    /// </summary>
    /// <param name="section">The section in HOCON's form.</param>
    /// <param name="defaults">Left unchanged.</param>
    public OptionsResult<T> Bind<T>(string section, T defaults)
        where T : class => Bind<T>(defaults.GetType(), section, defaults);

    /// <summary>
    /// The top-level keys, written in a HOCON text, that nobody bound. Call it last.
    /// </summary>
    public IReadOnlyList<ConfigurationError> FindUnknownSections()
    {
        var errors = new List<ConfigurationError>();
        foreach (var child in configuration.GetChildren())
        {
            var isWritten = configuration.FindOrigins(child.Path)?.Key is { Kind: HoconOriginKind.Text };
            if (isWritten && !_boundSections.Contains(child.Key))
            {
                var key = new ConfigurationKey(new HoconPath(child.Key));
                errors.Add(UnknownKeys.Error(configuration, key, _boundSections));
            }
        }
        return errors;
    }

    private OptionsResult<T> Bind<T>(Type type, string section, object? defaults)
        where T : class
    {
        var path = HoconPath.Parse(section);
        _boundSections.Add(path.Keys[0]);
        var binding = new SectionBinding(configuration, files, SecretTypes);
        var value = (T?)binding.BindOptions(type, new ConfigurationKey(path), defaults);
        return new OptionsResult<T>(value, binding.Errors);
    }
}
