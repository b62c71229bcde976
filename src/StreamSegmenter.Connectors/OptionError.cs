using System.Text;

namespace StreamSegmenter.Connectors;

/// <summary>A setting that cannot be used.</summary>
/// <param name="Key">Where it stands in the configuration, e.g. <c>connectors.helpdesk.priority</c>.</param>
/// <param name="Message">What is wrong and what would be right.</param>
public sealed record OptionError(string Key, string Message)
{
    public override string ToString() => $"{Key}: {Message}";
}

/// <summary>Collects the errors under one configuration path, naming keys as HOCON writes them.</summary>
public sealed class OptionErrors(string path)
{
    private readonly List<OptionError> _errors = [];

    public IReadOnlyList<OptionError> All => _errors;

    /// <summary>
    /// Names the key after the options' property: <c>MaxConnections</c> is reported as <c>max-connections</c>.
    /// </summary>
    public void Add(string property, string message) => _errors.Add(new($"{path}.{Kebab(property)}", message));

    public void AddAll(IEnumerable<OptionError> errors) => _errors.AddRange(errors);

    public void Require(bool fulfilled, string property, string message)
    {
        if (!fulfilled)
        {
            Add(property, message);
        }
    }

    public void RequireRange(int value, int least, int most, string property) =>
        Require(value >= least && value <= most, property, $"{value} is outside {least} to {most}");

    public void RequireRange(TimeSpan value, TimeSpan least, TimeSpan most, string property) =>
        Require(
            value >= least && value <= most,
            property,
            $"{value.TotalSeconds}s is outside {least.TotalSeconds}s to {most.TotalSeconds}s"
        );

    private static string Kebab(string property)
    {
        var kebab = new StringBuilder(property.Length + 4);
        foreach (char c in property)
        {
            if (char.IsAsciiLetterUpper(c) && kebab.Length > 0)
            {
                kebab.Append('-');
            }

            kebab.Append(char.ToLowerInvariant(c));
        }

        return kebab.ToString();
    }
}
