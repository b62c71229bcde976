namespace StreamSegmenter.Oracle.Values;

/// <summary>The four operations; null (missing) for every pair of types that has no meaning.</summary>
internal static class Arithmetic
{
    public static Value? Apply(char operation, Value left, Value right) =>
        operation switch
        {
            '+' => Add(left, right),
            '-' => Subtract(left, right),
            '*' => Multiply(left, right),
            _ => Divide(left, right),
        };

    public static Value? Negate(Value value) =>
        value switch
        {
            Number n => new Number(-n.Amount),
            Span s => new Span(-s.Milliseconds),
            _ => null,
        };

    private static Value? Add(Value left, Value right) =>
        (left, right) switch
        {
            (Number l, Number r) => new Number(l.Amount + r.Amount),
            (Span l, Span r) => new Span(l.Milliseconds + r.Milliseconds),
            (Instant l, Span r) => new Instant(l.Milliseconds + r.Milliseconds),
            (Span l, Instant r) => new Instant(l.Milliseconds + r.Milliseconds),
            _ => null,
        };

    private static Value? Subtract(Value left, Value right) =>
        (left, right) switch
        {
            (Number l, Number r) => new Number(l.Amount - r.Amount),
            (Span l, Span r) => new Span(l.Milliseconds - r.Milliseconds),
            (Instant l, Span r) => new Instant(l.Milliseconds - r.Milliseconds),
            (Instant l, Instant r) => new Span(l.Milliseconds - r.Milliseconds),
            _ => null,
        };

    private static Value? Multiply(Value left, Value right) =>
        (left, right) switch
        {
            (Number l, Number r) => new Number(l.Amount * r.Amount),
            (Span l, Number r) => new Span(l.Milliseconds * r.Amount),
            (Number l, Span r) => new Span(l.Amount * r.Milliseconds),
            _ => null,
        };

    private static Value? Divide(Value left, Value right) =>
        (left, right) switch
        {
            (Number l, Number { Amount.Sign: not 0 } r) => new Number(Exact.Divide(l.Amount, r.Amount)),
            (Span l, Number { Amount.Sign: not 0 } r) => new Span(Exact.Divide(l.Milliseconds, r.Amount)),
            (Span l, Span { Milliseconds.Sign: not 0 } r) => new Number(Exact.Divide(l.Milliseconds, r.Milliseconds)),
            _ => null,
        };
}
