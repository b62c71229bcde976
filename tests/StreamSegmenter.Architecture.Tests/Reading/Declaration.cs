using System.Text.RegularExpressions;

namespace StreamSegmenter.Architecture.Tests.Reading;

/// <summary>A type, or a member of one, as far as these rules care.</summary>
/// <param name="Header">The code before its body, without attributes.</param>
public sealed partial record Declaration(string Header, int FirstLine, int LastLine, bool IsField)
{
    public int Lines => LastLine - FirstLine + 1;

    /// <summary>The name of the type that it declares; null for members and namespaces.</summary>
    public string? TypeName =>
        TypeHeader().Match(Header) is { Success: true } match ? match.Groups["name"].Value : null;

    /// <summary>The first type that a type's header names after its colon: the base class, if it has one.</summary>
    public string? BaseName => Base().Match(Header) is { Success: true } match ? match.Groups["name"].Value : null;

    public bool IsClass => TypeHeader().Match(Header).Groups["kind"].Value is "class" or "record" or "record class";

    public bool IsTypeOrNamespace => TypeName is not null || NamespaceHeader().IsMatch(Header);

    public bool Says(string modifier) => Header.Split((char[]?)null, StringSplitOptions.TrimEntries).Contains(modifier);

    // The kind stands before any parenthesis: what follows is a parameter list, which may well hold a "record".
    [GeneratedRegex(
        @"^[^(=]*?\b(?<kind>class|struct|interface|enum|record(\s+class|\s+struct)?)\s+(?<name>\w+)",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1_000
    )]
    private static partial Regex TypeHeader();

    [GeneratedRegex(@"\s:\s+(?<name>\w+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Base();

    [GeneratedRegex(@"^(namespace\s|extension\b)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex NamespaceHeader();
}
