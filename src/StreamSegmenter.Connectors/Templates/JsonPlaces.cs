namespace StreamSegmenter.Connectors.Templates;

/// <summary>
/// Follows the strings of a JSON document's source from tag to tag, so that each value is written as its place wants:
/// escaped inside of a string, as a whole JSON value outside.
/// </summary>
internal sealed class JsonPlaces(string source)
{
    private readonly Stack<bool> _blocks = new();
    private int _at;
    private bool _inString;

    /// <summary>To be called with every tag, in order.</summary>
    /// <exception cref="TemplateSyntaxException">The tag does not suit its place.</exception>
    public void Check(TemplateTag tag)
    {
        Advance(tag.Start);
        _at = tag.End;
        switch (tag.Sigil)
        {
            case '!':
                break;
            case '#':
                _blocks.Push(_inString);
                break;
            case '/':
                Require(!_blocks.TryPop(out bool begun) || begun == _inString, tag, Unbalanced);
                break;
            default:
                if (tag.First == "else" || tag.Sigil == '^')
                {
                    Require(!_blocks.TryPeek(out bool outside) || outside == _inString, tag, Unbalanced);
                }
                else
                {
                    CheckOutput(tag);
                }

                break;
        }
    }

    private const string Unbalanced = "a string that begins in a block has to end in it";

    private void CheckOutput(TemplateTag tag)
    {
        bool isWhole = tag.First == TemplateFunctions.Json;
        Require(!_inString || !isWhole, tag, "'json' writes quotes itself; inside of a string write {{value}}");
        Require(_inString || isWhole, tag, "outside of a string write {{json value}}, or put quotes around it");
    }

    private void Advance(int end)
    {
        for (; _at < end; _at++)
        {
            char c = source[_at];
            _at += c == '\\' ? 1 : 0;
            _inString ^= c == '"';
        }
    }

    private static void Require(bool fulfilled, TemplateTag tag, string message)
    {
        if (!fulfilled)
        {
            throw new TemplateSyntaxException(tag.Start, message);
        }
    }
}
