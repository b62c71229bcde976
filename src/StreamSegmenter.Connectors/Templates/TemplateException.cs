namespace StreamSegmenter.Connectors.Templates;

/// <summary>A template that cannot be rendered with the data at hand. The message is for people.</summary>
internal class TemplateException(string message) : Exception(message);

/// <summary>A value that is to be written and is not there.</summary>
/// <param name="name">The last part of its path: the engine knows no more.</param>
internal sealed class MissingValueException(string name) : TemplateException($"'{name}' is missing")
{
    public string Name { get; } = name;
}
