namespace StreamSegmenter.Connectors;

/// <summary>
/// This module's <c>reference.conf</c>: every key with its default. <c>connectors.NAME</c> takes its defaults from
/// <c>connector-defaults.TYPE</c>; <c>template-limits</c> holds those of <see cref="Templates.TemplateLimits"/>.
/// </summary>
public static class ConnectorDefaults
{
    /// <summary>The section that holds one object per type.</summary>
    public const string Section = "connector-defaults";

    /// <summary>The text of the document, in HOCON.</summary>
    public static string ReadText()
    {
        var assembly = typeof(ConnectorDefaults).Assembly;
        using var stream =
            assembly.GetManifestResourceStream("StreamSegmenter.Connectors.reference.conf")
            ?? throw new InvalidOperationException("reference.conf is not part of the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
