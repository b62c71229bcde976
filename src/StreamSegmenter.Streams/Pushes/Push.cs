using System.Security.Cryptography;
using System.Text;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Segments;

namespace StreamSegmenter.Streams.Pushes;

/// <summary>The configured name of a connector, e.g. <c>support-chat</c>. Never empty.</summary>
public readonly record struct ConnectorName
{
    private readonly string? _value;

    public ConnectorName(string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(value);
        _value = value;
    }

    public string Value => _value ?? throw new InvalidOperationException("A default ConnectorName names nothing.");

    public override string ToString() => _value ?? "";
}

/// <summary>
/// The identity of one push and its idempotency key: 32 lower-case hexadecimal digits derived from (customer, segment,
/// transition number, connector, ordinal among that transition's pushes to it), so that a replay makes the same one
/// again.
/// </summary>
public readonly record struct PushId(string Value)
{
    public static PushId Derive(Transition transition, ConnectorName connector, int ordinal)
    {
        string source = string.Join(
            '\n',
            Field(transition.Customer.Value),
            Field(transition.Segment.Value),
            transition.Number,
            Field(connector.Value),
            ordinal
        );
        return new(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(source)).AsSpan(0, 16)));
    }

    public override string ToString() => Value;

    // The length in front keeps ("a\nb", "c") and ("a", "b\nc") apart.
    private static string Field(string value) => $"{value.Length}:{value}";
}

/// <summary>A push on its way to a connector.</summary>
/// <param name="Attempts">How often it was tried before.</param>
/// <param name="Content">UTF-8 JSON, see <see cref="PushContent"/>; the same bytes at every attempt.</param>
public sealed record Push(
    PushId Id,
    ConnectorName Connector,
    CustomerId Customer,
    int Attempts,
    ReadOnlyMemory<byte> Content
);
