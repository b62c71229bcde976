using System.CommandLine;
using System.Globalization;

namespace StreamSegmenter.Cmd.Pushes;

/// <summary>Which pushes a command is about.</summary>
/// <param name="states">That the command takes.</param>
internal sealed class PushOptions(params string[] states)
{
    private readonly Option<string> _state = new Option<string>("--state")
    {
        Description = $"How they stand: {string.Join(", ", states[..^1])} or {states[^1]}.",
        HelpName = "STATE",
        DefaultValueFactory = static _ => "dead",
    }.AcceptOnlyFromAmong(states);

    private readonly Option<string?> _connector = new("--connector")
    {
        Description = "Its exact name.",
        HelpName = "NAME",
    };
    private readonly Option<string?> _segment = new("--segment") { Description = "Its exact name.", HelpName = "NAME" };
    private readonly Option<string?> _customer = new("--customer") { Description = "The exact id.", HelpName = "ID" };

    private readonly Option<string?> _reason = new("--reason")
    {
        Description = "Somewhere in the reason, in whatever case.",
        HelpName = "TEXT",
    };

    private readonly Option<string?> _from = new("--from")
    {
        Description = "Those that ended then or later, in UTC if it does not say otherwise.",
        HelpName = "TIME",
    };

    private readonly Option<int> _limit = new("--limit")
    {
        Description = "At most so many, the oldest first; up to 1000.",
        HelpName = "N",
        DefaultValueFactory = static _ => 100,
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_state);
        command.Options.Add(_connector);
        command.Options.Add(_segment);
        command.Options.Add(_customer);
        command.Options.Add(_reason);
        command.Options.Add(_from);
        command.Options.Add(_limit);
    }

    public int LimitOf(ParseResult arguments) => arguments.GetValue(_limit);

    /// <summary>Whether the option says which pushes are meant, rather than how many.</summary>
    public bool Narrows(Option option) =>
        option == _state
        || option == _connector
        || option == _segment
        || option == _customer
        || option == _reason
        || option == _from;

    /// <summary>The query of the API.</summary>
    public string QueryOf(ParseResult arguments, int limit, string? after)
    {
        IEnumerable<(string Key, string? Value)> parts =
        [
            ("state", arguments.GetValue(_state)),
            .. Filters(arguments),
            ("limit", limit.ToString(CultureInfo.InvariantCulture)),
            ("after", after),
        ];
        return "?"
            + string.Join(
                '&',
                parts
                    .Where(static part => part.Value is not null)
                    .Select(static part => $"{part.Key}={Uri.EscapeDataString(part.Value!)}")
            );
    }

    private IEnumerable<(string Key, string? Value)> Filters(ParseResult arguments) =>
        [
            ("connector", arguments.GetValue(_connector)),
            ("segment", arguments.GetValue(_segment)),
            ("customer", arguments.GetValue(_customer)),
            ("reason", arguments.GetValue(_reason)),
            ("from", arguments.GetValue(_from)),
        ];
}
