using StreamSegmenter.Hocon;

namespace StreamSegmenter.Node.Configuration;

/// <summary>What a configuration is loaded for.</summary>
public enum ConfigurationPurpose
{
    /// <summary>To run a node, or to see whether one would run: what a segment pushes to must exist.</summary>
    Node = 1,

    /// <summary>
    /// To run the rules alone: <c>connectors</c> and <c>templates</c> are not read, pushes may go anywhere.
    /// </summary>
    Rules = 2,
}

/// <summary>
/// Where a configuration comes from. A later layer overrides an earlier one: the reference with all defaults, the
/// user's file, environment variables, overrides of the command line.
/// </summary>
public sealed record ConfigurationInput
{
    /// <summary>What the names of environment variables start with: <c>SEGMENTER_SHARDS__BATCH_RECORDS</c>.</summary>
    public const string VariablePrefix = "SEGMENTER_";

    /// <summary>The user's file.</summary>
    public required string File { get; init; }

    /// <summary>Default: <see cref="ConfigurationPurpose.Node"/>.</summary>
    public ConfigurationPurpose Purpose { get; init; } = ConfigurationPurpose.Node;

    /// <summary>
    /// Each is <c>KEY=VALUE</c>, the key in HOCON's form: <c>shards.batch-records=100</c>. Default: none.
    /// </summary>
    public IReadOnlyList<string> Overrides { get; init; } = [];

    /// <summary>All environment variables; null, the default, means those of this process.</summary>
    public IReadOnlyDictionary<string, string>? Variables { get; init; }

    /// <summary>
    /// Files, and the environment for substitutions such as <c>${?HOME}</c>. Default: those of this machine.
    /// </summary>
    public HoconReaderOptions Reader { get; init; } = HoconReaderOptions.System;
}
