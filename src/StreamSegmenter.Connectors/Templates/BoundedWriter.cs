using System.Globalization;
using System.Text;

namespace StreamSegmenter.Connectors.Templates;

/// <summary>
/// Where one part is rendered to. Every piece written is a step, however long; too many steps or characters, or a token
/// cancelled, end the rendering.
/// </summary>
internal sealed class BoundedWriter(TemplateLimits limits, CancellationToken cancellationToken)
    : TextWriter(CultureInfo.InvariantCulture)
{
    private readonly StringBuilder _text = new();
    private int _steps;

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value) => Write(new ReadOnlySpan<char>(in value));

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(ReadOnlySpan<char> buffer)
    {
        if (++_steps > limits.MaxSteps)
        {
            throw new TemplateException($"rendering took more than {limits.MaxSteps} steps");
        }

        if (_text.Length + buffer.Length > limits.MaxOutputLength)
        {
            throw new TemplateException($"the rendered text is longer than {limits.MaxOutputLength} characters");
        }

        cancellationToken.ThrowIfCancellationRequested();
        _text.Append(buffer);
    }

    public override string ToString() => _text.ToString();
}
