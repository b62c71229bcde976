using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors;

/// <summary>A push as one JSON object on one line: its id, then its content.</summary>
internal static class PushDocument
{
    /// <summary>The same bytes at every attempt.</summary>
    public static ReadOnlyMemory<byte> Write(Push push, PushPayload payload) =>
        JsonBody.Write(json =>
        {
            json.WriteString("id", push.Id.Value);
            foreach (var member in payload.Root.EnumerateObject().Where(member => !member.NameEquals("id")))
            {
                // As it came: numbers keep their digits, and texts what Unicode would refuse. A line end in it can
                // only be a blank between tokens.
                json.WritePropertyName(member.Name);
                json.WriteRawValue(member.Value.GetRawText().Replace('\n', ' ').Replace('\r', ' '));
            }
        });
}
