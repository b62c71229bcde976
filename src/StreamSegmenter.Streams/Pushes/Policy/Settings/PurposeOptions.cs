namespace StreamSegmenter.Streams.Pushes.Policy.Settings;

/// <summary>What a customer must have said about messages of a purpose.</summary>
public enum ConsentRule
{
    /// <summary>Sent only to those who agreed.</summary>
    Required = 1,

    /// <summary>Sent unless they refused.</summary>
    Assumed = 2,

    /// <summary>Sent whatever they said.</summary>
    NotNeeded = 3,
}

/// <summary>What messages are sent for. What is left out restricts.</summary>
public sealed record PurposeOptions
{
    /// <summary>What sells.</summary>
    public const string Marketing = "marketing";

    /// <summary>What the customer needs for what was bought or asked for.</summary>
    public const string Service = "service";

    /// <summary>What goes to the own staff and systems, about customers.</summary>
    public const string Operations = "operations";

    /// <summary>The purposes that are there without being configured.</summary>
    public static readonly IReadOnlyDictionary<string, PurposeOptions> BuiltIn = new Dictionary<string, PurposeOptions>(
        StringComparer.Ordinal
    )
    {
        [Marketing] = new()
        {
            Consent = ConsentRule.Required,
            QuietHours = true,
            Caps = true,
            Holdout = true,
        },
        [Service] = new()
        {
            Consent = ConsentRule.Assumed,
            QuietHours = true,
            Caps = true,
            Holdout = true,
        },
        [Operations] = new()
        {
            Consent = ConsentRule.NotNeeded,
            QuietHours = false,
            Caps = false,
            Holdout = false,
        },
    };

    /// <summary>Default: <see cref="ConsentRule.Required"/>.</summary>
    public ConsentRule? Consent { get; init; }

    /// <summary>Whether quiet hours hold. Default true.</summary>
    public bool? QuietHours { get; init; }

    /// <summary>Whether it is capped, and counts. Default true.</summary>
    public bool? Caps { get; init; }

    /// <summary>Whether the customers of <see cref="PolicyOptions.Holdout"/> get none. Default true.</summary>
    public bool? Holdout { get; init; }
}
