using System.Net;
using StreamSegmenter.Hocon.Options;
using StreamSegmenter.Node.Hosting;
using StreamSegmenter.Node.Queries;

namespace StreamSegmenter.Node.Configuration;

/// <summary>
/// Where a node answers questions about customers, to people's tools and to the other nodes; section <c>api</c>.
/// </summary>
public sealed record ApiOptions : IValidatedOptions
{
    private const int MinSecretLength = 16;

    /// <summary>Address and port, e.g. <c>0.0.0.0:8081</c>.</summary>
    public required string Listen { get; init; }

    /// <summary>What callers present; the same on every node. Needed as soon as other machines can call.</summary>
    public required Secret? Secret { get; init; }

    /// <summary>Where the other nodes reach it; null: at <see cref="Listen"/>.</summary>
    public required string? Advertise { get; init; }

    /// <summary>How long another node may take to answer before the state store is asked instead.</summary>
    [DurationRange("1ms", "1h")]
    public required TimeSpan PeerTimeout { get; init; }

    /// <summary><see cref="Listen"/>, read. Port 0 lets the system choose one.</summary>
    public IPEndPoint EndPoint => IPEndPoint.Parse(Listen);

    /// <summary>The settings of the node's API.</summary>
    public ApiSettings ToSettings() =>
        new(
            EndPoint,
            Advertise is null ? null : new Uri(Advertise),
            Secret is { IsEmpty: false } secret ? secret.Reveal() : null,
            PeerTimeout
        );

    public IEnumerable<OptionsViolation> Validate()
    {
        if (ListenAddress.Violation(nameof(Listen), Listen) is { } violation)
        {
            yield return violation;
        }
        else if (!IPAddress.IsLoopback(EndPoint.Address) && Secret is not { IsEmpty: false })
        {
            yield return new(
                nameof(Listen),
                $"other machines can call {Listen}, and nothing keeps them from it",
                "set api.secret, e.g. to ${SEGMENTER_API_SECRET} or \"file:api.secret\", or listen on 127.0.0.1"
            );
        }

        if (Secret is { IsEmpty: false } secret && secret.Reveal().Length < MinSecretLength)
        {
            yield return new(
                nameof(Secret),
                "it is short enough to be guessed",
                $"use {MinSecretLength} characters or more"
            );
        }

        if (Advertise is { } address && NodeName.AddressIn(address) is null)
        {
            yield return new(
                nameof(Advertise),
                $"\"{address}\" is not an address that other nodes can call",
                "write e.g. \"http://node1:8081\""
            );
        }
    }
}
