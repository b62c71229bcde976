namespace StreamSegmenter.Segmentation.Rules.Parsing;

internal enum TokenKind
{
    End,
    Word,
    Number,
    Duration,
    String,
    Symbol,
}

/// <summary>One token. <see cref="Text"/> is a word or symbol as written, or a string's content.</summary>
/// <param name="Amount">The value of a number, or a duration in milliseconds.</param>
internal readonly record struct Token(TokenKind Kind, SourcePlace Place, string Text, decimal Amount = 0)
{
    public bool IsSymbol(string symbol) => Kind == TokenKind.Symbol && Text == symbol;

    public bool IsWord(string word) =>
        Kind == TokenKind.Word && string.Equals(Text, word, StringComparison.OrdinalIgnoreCase);

    /// <summary>For error messages.</summary>
    public string Describe() =>
        Kind switch
        {
            TokenKind.End => "the end of the rule",
            TokenKind.String => $"the string \"{Text}\"",
            TokenKind.Number or TokenKind.Duration => Text,
            _ => $"'{Text}'",
        };
}
