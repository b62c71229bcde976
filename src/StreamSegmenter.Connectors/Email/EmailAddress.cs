using System.Globalization;

namespace StreamSegmenter.Connectors.Email;

/// <summary>
/// An address to send mail to: a dot-atom, an @ and a domain of at least two labels, in ASCII. Names in other scripts
/// become punycode; local parts in other scripts (SMTPUTF8), quoted ones and address literals are not taken.
/// </summary>
internal readonly record struct EmailAddress
{
    private const int MaxLength = 254;
    private const int MaxLocalLength = 64;
    private const int MaxLabelLength = 63;
    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = true };

    private EmailAddress(string local, string domain)
    {
        Local = local;
        Domain = domain;
    }

    public string Local { get; }

    public string Domain { get; }

    public static bool TryParse(string? text, out EmailAddress address)
    {
        address = default;
        int at = text?.LastIndexOf('@') ?? -1;
        if (at <= 0 || text!.Length > MaxLength)
        {
            return false;
        }

        string local = text[..at];
        if (!IsDotAtom(local) || !TryReadDomain(text[(at + 1)..], out string domain))
        {
            return false;
        }

        address = new EmailAddress(local, domain);
        return local.Length + 1 + domain.Length <= MaxLength;
    }

    public override string ToString() => $"{Local}@{Domain}";

    private static bool IsDotAtom(string local) =>
        local.Length <= MaxLocalLength && local.Split('.').All(atom => atom.Length > 0 && atom.All(IsAtomCharacter));

    private static bool IsAtomCharacter(char c) => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-/=?^_`{|}~".Contains(c);

    private static bool TryReadDomain(string text, out string domain)
    {
        domain = text;
        try
        {
            domain = text.Any(c => !char.IsAscii(c)) ? Idn.GetAscii(text) : text;
        }
        catch (ArgumentException)
        {
            return false;
        }

        string[] labels = domain.Split('.');
        return labels.Length >= 2 && labels.All(IsLabel) && !labels[^1].All(char.IsAsciiDigit);
    }

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= MaxLabelLength
        && label.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
        && label[0] != '-'
        && label[^1] != '-';
}
