namespace StreamSegmenter.Connectors.Email;

/// <summary>
/// An address with the name that is shown for it, as in <c>Example Shop &lt;shop@example.com&gt;</c>.
/// </summary>
internal readonly record struct Mailbox(string Name, EmailAddress Address)
{
    public static bool TryParse(string? text, out Mailbox mailbox)
    {
        string trimmed = text?.Trim() ?? "";
        int open = trimmed.LastIndexOf('<');
        bool isNamed = open >= 0 && trimmed.EndsWith('>');
        string name = isNamed ? trimmed[..open].Trim().Trim('"') : "";
        string spec = isNamed ? trimmed[(open + 1)..^1] : trimmed;
        bool isRight = EmailAddress.TryParse(spec, out var address) && !name.Any(char.IsControl);
        mailbox = isRight ? new Mailbox(name, address) : default;
        return isRight;
    }
}
