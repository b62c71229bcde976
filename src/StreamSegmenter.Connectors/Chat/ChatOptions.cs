using StreamSegmenter.Connectors.Http;
using StreamSegmenter.Connectors.Templates;

namespace StreamSegmenter.Connectors.Chat;

/// <summary>The settings that all chat systems share.</summary>
public abstract class ChatOptions : HttpConnectorOptions
{
    private readonly int _longestText;

    /// <param name="longestText">What the system itself takes.</param>
    protected ChatOptions(int maxTextLength, int longestText)
    {
        MaxTextLength = maxTextLength;
        _longestText = longestText;
    }

    /// <summary>Longer texts are cut, in UTF-16 units, between characters as people see them.</summary>
    public int MaxTextLength { get; set; }

    internal override string UsualChannel => "chat";

    internal override void Check(OptionErrors errors, TemplateSet templates)
    {
        base.Check(errors, templates);
        errors.RequireRange(MaxTextLength, 100, _longestText, nameof(MaxTextLength));
    }
}
