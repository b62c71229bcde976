using System.Globalization;
using System.Text.Json;
using StreamSegmenter.Connectors.Http;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.HttpApi;

/// <summary>
/// What an answer means that has a certain status and, if asked for, a certain body. Answers that no rule fits: those
/// of success are delivered if they are empty or JSON, else unknown; the others go by their status.
/// </summary>
public sealed class AnswerRule
{
    /// <summary><c>200</c>, <c>2xx</c>, <c>400-499</c>, or <c>any</c>. Default <c>any</c>.</summary>
    public string Status { get; set; } = "any";

    /// <summary>A text that the body holds.</summary>
    public string? Contains { get; set; }

    /// <summary>A path of keys into the body's JSON, such as <c>error.code</c>, that is there.</summary>
    public string? Field { get; set; }

    /// <summary>What stands at <see cref="Field"/>: a string's text, or a number, true, false or null.</summary>
    public string? Value { get; set; }

    /// <summary>
    /// Required: <c>delivered</c>, <c>retry</c>, <c>rejected</c>, <c>unknown</c> or <c>misconfigured</c>.
    /// </summary>
    public DeliveryOutcome? Means { get; set; }

    internal void Check(int number, string property, OptionErrors errors)
    {
        errors.Require(
            TryReadStatus(out _, out _),
            property,
            $"number {number}: '{Status}' is no status such as 200, 2xx, 400-499 or any"
        );
        errors.Require(Means is not null, property, $"number {number} needs means = delivered, retry, rejected, ...");
        errors.Require(Value is null || Field is not null, property, $"number {number}: value needs field");
    }

    internal bool Fits(HttpAnswer answer) =>
        TryReadStatus(out int least, out int most)
        && (int)answer.Status >= least
        && (int)answer.Status <= most
        && (Contains is null || answer.Body.Contains(Contains, StringComparison.Ordinal))
        && (Field is null || (FieldOf(answer) is { } value && (Value is null || value == Value)));

    private string? FieldOf(HttpAnswer answer)
    {
        using var json = answer.TryParse();
        if (json?.RootElement is not { } element)
        {
            return null;
        }

        foreach (string key in Field!.Split('.'))
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(key, out element))
            {
                return null;
            }
        }

        return element.ValueKind == JsonValueKind.String ? JsonText.Of(element) : element.GetRawText();
    }

    private bool TryReadStatus(out int least, out int most)
    {
        (least, most) = (100, 999);
        if (Status == "any")
        {
            return true;
        }

        string[] ends = Status.EndsWith("xx", StringComparison.Ordinal)
            ? [$"{Status[..^2]}00", $"{Status[..^2]}99"]
            : Status.Split('-', 2);
        return TryReadNumber(ends[0], out least) && TryReadNumber(ends[^1], out most) && least <= most;
    }

    private static bool TryReadNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number is >= 100 and <= 999;
}
