namespace StreamSegmenter.Simulation.Servers;

/// <summary>A promise that a part of the world breaks on purpose, to see that the checks notice.</summary>
internal enum Sabotage
{
    None,

    /// <summary>The store takes commits of whoever owned the shard once.</summary>
    EpochsAreIgnored,

    /// <summary>The store does not hand recorded ticks to the next owner.</summary>
    TicksAreForgotten,

    /// <summary>The store writes effects without the position.</summary>
    CommitsForgetThePosition,

    /// <summary>The store drops the last of several pushes of a commit.</summary>
    CommitsForgetPushes,

    /// <summary>The store drops one of several customers of a checkpoint.</summary>
    CheckpointsLoseCustomers,

    /// <summary>The store drops what some relays say became of their pushes.</summary>
    OutcomesAreForgotten,

    /// <summary>The log leaves out a record now and then.</summary>
    RecordsAreSkipped,

    /// <summary>The log promises that it is an hour later than it is.</summary>
    LogClockRunsAhead,

    /// <summary>Nodes see events without their message id, so that duplicates are none.</summary>
    MessageIdsAreLost,

    /// <summary>Relays are told that pushes were delivered that never left.</summary>
    DeliveriesAreInvented,

    /// <summary>Providers forget idempotency keys.</summary>
    KeysAreForgotten,
}
