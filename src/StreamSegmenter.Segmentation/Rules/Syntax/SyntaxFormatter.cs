using System.Globalization;
using System.Text;

namespace StreamSegmenter.Segmentation.Rules.Syntax;

/// <summary>
/// Writes a parsed rule back as text that parses to the same tree. Equal rules give equal text however they were
/// spaced, so it also serves as the key by which equal sources and conditions are shared.
/// </summary>
internal static class SyntaxFormatter
{
    private const int OrLevel = 0;
    private const int AndLevel = 1;
    private const int NotLevel = 2;
    private const int HeldLevel = 3;
    private const int PredicateLevel = 4;
    private const int SumLevel = 5;
    private const int TermLevel = 6;
    private const int FactorLevel = 7;

    private static readonly string[] ComparisonTexts = ["=", "!=", "<", "<=", ">", ">="];
    private static readonly string[] ArithmeticTexts = ["+", "-", "*", "/"];
    private static readonly string[] WordsThatAreNoEvents = ["any", "not"];
    private static readonly string[] TextTexts = ["contains", "starts with", "ends with", "matches"];

    public static string Format(ExpressionSyntax syntax) => Format(syntax, OrLevel);

    public static string Format(SourceSyntax source)
    {
        var text = new StringBuilder(source.Event is null ? "any" : Name(source.Event, isEvent: true));
        if (source.Path is not null)
        {
            text.Append('.').Append(Format(source.Path));
        }

        return source.Where is null ? text.ToString() : text.Append(" where ").Append(Format(source.Where)).ToString();
    }

    public static string Format(PathSyntax path)
    {
        var text = new StringBuilder(path.Envelope ? "@" : "");
        for (int i = 0; i < path.Parts.Count; i++)
        {
            string? part = path.Parts[i];
            text.Append(part is null ? "[]" : (i > 0 ? "." : "") + Name(part, isEvent: false));
        }

        return text.ToString();
    }

    public static string Format(WindowSyntax window) =>
        window switch
        {
            SlidingWindowSyntax { Offset: null } sliding => $", {Format(sliding.Length)}",
            SlidingWindowSyntax sliding => $", {Format(sliding.Length)} offset {Format(sliding.Offset)}",
            AnchoredWindowSyntax anchored => $", after {(anchored.Last ? "last" : "first")}({Format(anchored.Anchor)})",
            CalendarWindowSyntax calendar => $", this {Lower(calendar.Period)}",
            _ => "",
        };

    private static string Format(ExpressionSyntax syntax, int level)
    {
        (string text, int own) = syntax switch
        {
            OrSyntax or => (Join(" or ", or.Operands, AndLevel), OrLevel),
            AndSyntax and => (Join(" and ", and.Operands, NotLevel), AndLevel),
            NotSyntax not => ($"not {Format(not.Operand, NotLevel)}", NotLevel),
            HeldSyntax held => ($"{Format(held.Operand, PredicateLevel)} for {Format(held.Duration)}", HeldLevel),
            ArithmeticSyntax arithmetic => FormatArithmetic(arithmetic),
            ComparisonSyntax or InListSyntax or TextSyntax or PresenceSyntax => (
                FormatPredicate(syntax),
                PredicateLevel
            ),
            _ => (FormatFactor(syntax), FactorLevel),
        };
        return own < level ? $"({text})" : text;
    }

    private static (string Text, int Level) FormatArithmetic(ArithmeticSyntax arithmetic)
    {
        bool sum = arithmetic.Operator is ArithmeticOperator.Add or ArithmeticOperator.Subtract;
        int level = sum ? SumLevel : TermLevel;
        string op = ArithmeticTexts[(int)arithmetic.Operator];
        return ($"{Format(arithmetic.Left, level)} {op} {Format(arithmetic.Right, level + 1)}", level);
    }

    private static string FormatPredicate(ExpressionSyntax syntax) =>
        syntax switch
        {
            ComparisonSyntax c =>
                $"{Format(c.Left, SumLevel)} {ComparisonTexts[(int)c.Operator]} {Format(c.Right, SumLevel)}",
            InListSyntax list => $"{Format(list.Value, SumLevel)} {(list.Negated ? "not in" : "in")} "
                + $"({Join(", ", list.Elements, SumLevel)})",
            TextSyntax t => $"{Format(t.Value, SumLevel)} {TextTexts[(int)t.Operator]} {Format(t.Argument, SumLevel)}",
            PresenceSyntax p => $"{Format(p.Value, SumLevel)} is {(p.Present ? "present" : "missing")}",
            _ => throw new InvalidOperationException($"{syntax.GetType().Name} is not a predicate."),
        };

    private static string FormatFactor(ExpressionSyntax syntax) =>
        syntax switch
        {
            NegateSyntax negate => $"-{Format(negate.Operand, FactorLevel)}",
            NumberSyntax number => number.Value.ToString(
                "0.############################",
                CultureInfo.InvariantCulture
            ),
            StringSyntax text => Quote(text.Value),
            BooleanSyntax boolean => boolean.Value ? "true" : "false",
            DurationSyntax duration => FormatDuration(duration.Milliseconds),
            TraitSyntax trait => $"profile.{Format(trait.Path)}",
            PropertySyntax property => Format(property.Path),
            AnyElementSyntax any => $"any({Format(any.Array, FactorLevel)}, {Format(any.Condition)})",
            InSegmentSyntax segment => $"in({Quote(segment.Segment)})",
            ScoreSyntax { Key: null } score => $"score({Quote(score.Model)})",
            ScoreSyntax score => $"score({Quote(score.Model)}, {Quote(score.Key)})",
            RfmSyntax rfm => $"rfm.{rfm.Dimension}",
            ConsentSyntax consent => $"consent({Quote(consent.Channel)})",
            AggregateSyntax a => $"{FunctionName(a.Function)}({Format(a.Source)}{Format(a.Window)})",
            SequenceSyntax sequence => FormatSequence(sequence),
            _ => throw new InvalidOperationException($"{syntax.GetType().Name} has no text."),
        };

    private static string FormatSequence(SequenceSyntax sequence)
    {
        IEnumerable<string> steps = sequence.Steps.Select(step =>
            (step.Negated ? "not " : "")
            + Format(step.Source)
            + (step.Within is null ? "" : $" within {Format(step.Within)}")
        );
        string total = sequence.Total is null ? "" : $" total {Format(sequence.Total)}";
        return $"sequence({string.Join(" then ", steps)}{total}{Format(sequence.Window)})";
    }

    private static string FormatDuration(long milliseconds)
    {
        (long Length, string Unit)[] units =
        [
            (604_800_000, "w"),
            (86_400_000, "d"),
            (3_600_000, "h"),
            (60_000, "m"),
            (1_000, "s"),
        ];
        foreach ((long length, string unit) in units)
        {
            if (milliseconds != 0 && milliseconds % length == 0)
            {
                return $"{milliseconds / length}{unit}";
            }
        }

        return $"{milliseconds}ms";
    }

    public static string FunctionName(AggregateFunction function) =>
        function == AggregateFunction.SinceFirst ? "since_first" : Lower(function);

    private static string Join(string separator, IReadOnlyList<ExpressionSyntax> operands, int level) =>
        string.Join(separator, operands.Select(operand => Format(operand, level)));

    private static string Lower<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    // As an event's name, the words any and not would mean something else.
    private static string Name(string name, bool isEvent)
    {
        bool plain =
            name.Length > 0
            && (char.IsLetter(name[0]) || name[0] is '_' or '$')
            && name.All(c => char.IsLetterOrDigit(c) || c is '_' or '$')
            && !(isEvent && WordsThatAreNoEvents.Contains(name, StringComparer.OrdinalIgnoreCase));
        return plain ? name : Quote(name);
    }

    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (char c in text)
        {
            quoted.Append(
                c switch
                {
                    '"' => "\\\"",
                    '\\' => "\\\\",
                    '\n' => "\\n",
                    '\r' => "\\r",
                    '\t' => "\\t",
                    < ' ' => $"\\u{(int)c:x4}",
                    _ => c.ToString(),
                }
            );
        }

        return quoted.Append('"').ToString();
    }
}
