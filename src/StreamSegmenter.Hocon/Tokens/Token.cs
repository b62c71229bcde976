using StreamSegmenter.Hocon.Values;

namespace StreamSegmenter.Hocon.Tokens;

internal enum TokenKind
{
    /// <summary>The end of the text.</summary>
    End,
    Newline,

    /// <summary>
    /// Whitespace without a newline; <see cref="Token.Text"/> keeps it, for it counts between strings.
    /// </summary>
    Whitespace,
    LeftBrace,
    RightBrace,
    LeftBracket,
    RightBracket,
    Comma,
    Colon,
    Equals,
    PlusEquals,

    /// <summary>A string in quotes, single or triple; <see cref="Token.Text"/> is what it stands for.</summary>
    Quoted,

    /// <summary>A run of characters that need no quotes: a number, a word, a part of a path.</summary>
    Unquoted,

    /// <summary><c>${</c></summary>
    Substitution,

    /// <summary><c>${?</c></summary>
    OptionalSubstitution,
}

/// <param name="Writing">Where the characters of a string, quoted or not, or of whitespace stand; else null.</param>
internal readonly record struct Token(TokenKind Kind, string Text, int Line, int Column, Writing? Writing = null);
