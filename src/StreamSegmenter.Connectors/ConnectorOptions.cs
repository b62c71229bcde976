using StreamSegmenter.Connectors.Templates;
using StreamSegmenter.Streams.Pushes;
using StreamSegmenter.Streams.Pushes.Policy.Settings;
using StreamSegmenter.Streams.Pushes.Relay;

namespace StreamSegmenter.Connectors;

/// <summary>
/// The settings under <c>connectors.NAME</c>. Keys are the properties in kebab-case: <c>MaxConnections</c> is read from
/// <c>max-connections</c>. Options are read once, when the connector is created.
/// </summary>
public abstract class ConnectorOptions
{
    /// <summary>
    /// Which kind of connector this is, one of <see cref="ConnectorFactory.Types"/>; whoever reads it has chosen this
    /// class.
    /// </summary>
    public string? Type { get; set; }

    /// <summary>The template of pushes that name none themselves. Default: the built-in <c>default</c>.</summary>
    public string Template { get; set; } = TemplateSet.DefaultName;

    /// <summary>
    /// How long one attempt may take in all, however many requests it makes. The relay waits as long, unless
    /// <see cref="Relay"/> says otherwise. Default 15 s, at most 10 min.
    /// </summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>What the policy has to know of this connector. Default: what is usual for its type.</summary>
    public ConnectorPolicyOptions Policy { get; set; } = new();

    /// <summary>How its pushes are delivered. Default: as those of all connectors.</summary>
    public ConnectorRelayOptions Relay { get; set; } = new();

    /// <summary>For how long the other side knows an idempotency key. Default: not at all.</summary>
    internal virtual TimeSpan UsualKeyLifetime => TimeSpan.Zero;

    /// <summary>What consents and caps call this way to the customer. Default: a system of one's own.</summary>
    internal virtual string UsualChannel => "system";

    /// <summary>What pushes are for that say nothing else. Default: the work of one's own staff.</summary>
    internal virtual string UsualPurpose => PurposeOptions.Operations;

    /// <summary>Where the address of the customer is in a push; null when nothing is sent to one.</summary>
    internal virtual string? AddressPath => null;

    /// <summary>What holds for the pushes of this connector.</summary>
    /// <param name="usual">Of pushes for which neither their entry nor this connector says otherwise.</param>
    public ConnectorPolicy PolicyOver(PushRules usual) =>
        new(
            Policy.Channel ?? UsualChannel,
            Policy.Purpose ?? UsualPurpose,
            Policy.Address ?? AddressPath,
            Policy.Over(usual)
        );

    /// <summary>How the pushes of this connector are delivered.</summary>
    /// <param name="usual">For all connectors.</param>
    public RelayOptions RelayOver(RelayOptions usual) =>
        Relay.Over(
            usual with
            {
                AttemptTimeout = LongestAttempt > usual.AttemptTimeout ? LongestAttempt : usual.AttemptTimeout,
            },
            UsualKeyLifetime
        );

    /// <summary>
    /// What an attempt may need, and what is usual for all connectors must not cut short. Default:
    /// <see cref="Timeout"/>.
    /// </summary>
    internal virtual TimeSpan LongestAttempt => Timeout;

    /// <summary>
    /// The parts that this connector renders; a template must have the first ones or a stand-in for them.
    /// </summary>
    internal abstract IReadOnlyList<TemplatePart> Parts { get; }

    /// <summary>What it renders besides, where a template has it.</summary>
    internal virtual IReadOnlyList<TemplatePart> OptionalParts => [];

    /// <summary>
    /// Where in a push the receiver stands, if pushes choose one; null for systems that have no such thing.
    /// </summary>
    internal virtual string? ReceiverPath => null;

    /// <summary>Whether nothing can be sent without a receiver.</summary>
    internal virtual bool NeedsReceiver => false;

    /// <summary>
    /// Keys of an <c>on-enter</c> or <c>on-exit</c> entry that this connector looks at; others are for templates.
    /// </summary>
    public virtual IReadOnlyList<string> EntryKeys => [PushKeys.Template];

    /// <summary>Adds what is wrong with these settings.</summary>
    internal virtual void Check(OptionErrors errors, TemplateSet templates)
    {
        errors.RequireRange(Timeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(10), nameof(Timeout));
        templates.CheckUse(Template, Parts, nameof(Template), errors);
    }

    /// <summary>The same, where more than templates has to be asked.</summary>
    internal virtual void Check(OptionErrors errors, ConnectorServices services) => Check(errors, services.Templates);

    /// <summary>
    /// Adds what is wrong with the keys of an <c>on-enter</c> or <c>on-exit</c> entry that goes to this connector.
    /// </summary>
    internal virtual void CheckPush(
        IReadOnlyDictionary<string, string> push,
        OptionErrors errors,
        TemplateSet templates
    )
    {
        if (push.TryGetValue(PushKeys.Template, out string? template))
        {
            templates.CheckUse(template, Parts, PushKeys.Template, errors);
        }

        if (Gathers(push) && DigestProblem(template ?? Template, templates) is { } problem)
        {
            errors.Add(PolicyKeys.Digest, problem);
        }
    }

    /// <summary>Why a push that carries others would not tell of them; null if it does.</summary>
    internal virtual string? DigestProblem(string template, TemplateSet templates) =>
        Parts.Count == 0 || templates.NamesDigest(template, [.. Parts, .. OptionalParts])
            ? null
            : $"template '{template}' does not name digest, and would tell of the first push alone; write "
                + "{{#each digest}}...{{else}}...{{/each}}, or leave digest out";

    // Whether the duration is one is checked elsewhere; none of zero has another digit.
    private bool Gathers(IReadOnlyDictionary<string, string> push) =>
        push.TryGetValue(PolicyKeys.Digest, out string? written)
            ? written.AsSpan().ContainsAnyInRange('1', '9')
            : Policy.Digest > TimeSpan.Zero;

    /// <summary>Called once the options are known to be right.</summary>
    internal abstract IConnector Create(ConnectorName name, ConnectorServices services);
}

/// <summary>The keys of an <c>on-enter</c> entry that connectors look at themselves.</summary>
public static class PushKeys
{
    public const string Template = "template";
    public const string Channel = "channel";
    public const string Priority = "priority";
}
