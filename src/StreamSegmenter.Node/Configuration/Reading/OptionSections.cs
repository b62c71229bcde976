using NodaTime;
using StreamSegmenter.Hocon;
using StreamSegmenter.Hocon.Configuration;
using StreamSegmenter.Hocon.Options;

namespace StreamSegmenter.Node.Configuration.Reading;

/// <summary>Binds sections to classes of options; what is wrong with them goes to the problems.</summary>
internal sealed class OptionSections(IConfigurationRoot configuration, OptionsBinder binder, ProblemList problems)
{
    private const string TimeZone = "time-zone";

    public ProblemList Problems => problems;

    /// <summary>The options; null when they are wrong.</summary>
    public T? Bind<T>(string section)
        where T : class => Take(binder.Bind<T>(section));

    /// <summary>The options over their own defaults; null when they are wrong.</summary>
    public T? Bind<T>(HoconPath section, T defaults)
        where T : class => Take(binder.Bind(section.ToString(), defaults));

    /// <summary>The options, checked as a whole; null when they cannot be bound.</summary>
    /// <param name="validate">Violations that begin with the key that they blame: <c>concurrency = 0: give 1 or
    /// more</c>, <c>caps[0].at-most = 0: ...</c>.</param>
    public T? Bind<T>(string section, Func<T, IReadOnlyList<string>> validate)
        where T : class
    {
        var options = Bind<T>(section);
        foreach (var violation in options is null ? [] : validate(options))
        {
            var key = violation[..violation.AsSpan().IndexOfAny(" :")];
            var keys = key.Replace("]", "", StringComparison.Ordinal).Split('.', '[');
            problems.Add(PlaceOf(new HoconPath([section, .. keys])), $"{section}.{violation}");
        }

        return options;
    }

    public DateTimeZone ReadTimeZone()
    {
        var zones = DateTimeZoneProviders.Tzdb;
        var name = configuration[TimeZone] ?? "";
        if (zones.GetZoneOrNull(name) is { } zone)
        {
            return zone;
        }

        var cure = NearMiss.Find(name, zones.Ids) is { } meant ? $"did you mean {meant}?" : "write e.g. Europe/Berlin";
        problems.Add(configuration.FindOrigin(TimeZone), TimeZone, $"unknown time zone \"{name}\"", cure);
        return DateTimeZone.Utc;
    }

    /// <summary>The names of a section's entries.</summary>
    public IEnumerable<string> Names(string section) =>
        configuration.GetSection(section).GetChildren().Select(static child => child.Key);

    public string? Value(HoconPath key) => configuration[Joined(key)];

    /// <summary>Where a key was written, or else what is around it.</summary>
    public HoconOrigin? PlaceOf(HoconPath key)
    {
        var keys = key.Keys;
        while (keys.Length > 0)
        {
            if (configuration.FindOrigin(Joined(new HoconPath(keys))) is { } place)
            {
                return place;
            }

            keys = keys[..^1];
        }

        return null;
    }

    private T? Take<T>(OptionsResult<T> result)
        where T : class
    {
        foreach (var error in result.Errors)
        {
            problems.Add(error);
        }

        return result.IsValid ? result.Value : null;
    }

    private static string Joined(HoconPath key) => string.Join(ConfigurationPath.KeyDelimiter, key.Keys);
}
