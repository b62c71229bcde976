using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using StreamSegmenter.Segmentation.Customers;
using StreamSegmenter.Segmentation.Events;
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
        // The lengths keep ("a\nb", "c") and ("a", "b\nc") apart.
        string customer = transition.Customer.Value;
        string segment = transition.Segment.Value;
        string to = connector.Value;
        string source = string.Create(
            CultureInfo.InvariantCulture,
            $"{customer.Length}:{customer}\n{segment.Length}:{segment}\n{transition.Number}\n{to.Length}:{to}\n"
                + $"{ordinal}"
        );
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(source), hash);
        return new(Convert.ToHexStringLower(hash[..16]));
    }

    public override string ToString() => Value;
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
)
{
    /// <summary>
    /// When it was ready to go out: when policy let it, or else when it was made. The same at every attempt. Null for a
    /// push that comes from no outbox.
    /// </summary>
    public Timestamp? ReadyAt { get; init; }
}
