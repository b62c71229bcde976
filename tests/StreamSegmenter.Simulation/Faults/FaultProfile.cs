namespace StreamSegmenter.Simulation.Faults;

/// <summary>How rough one run is: some are calm, some are brutal, most lie between.</summary>
internal sealed record FaultProfile
{
    /// <summary>How often a call to log or store fails, as a share of all calls.</summary>
    public double CallFails { get; init; }

    /// <summary>How often one takes long.</summary>
    public double CallIsSlow { get; init; }

    /// <summary>How often the process dies at one, before or after it takes effect.</summary>
    public double CallKills { get; init; }

    /// <summary>How often an attempt at a provider goes wrong, in one of many ways.</summary>
    public double AttemptFails { get; init; }

    /// <summary>The share of pushes that providers refuse for good.</summary>
    public double Refused { get; init; }

    /// <summary>The share of events that are held up on their way to the log.</summary>
    public double Late { get; init; }

    /// <summary>The share of events that are sent once more, although they had arrived.</summary>
    public double Repeated { get; init; }

    /// <summary>How many troubles befall the nodes, the log, the store and the providers.</summary>
    public int Troubles { get; init; }

    /// <summary>The most by which a node's clock is wrong.</summary>
    public TimeSpan NodeSkew { get; init; }

    /// <summary>The most by which the clocks of brokers differ from the true time.</summary>
    public TimeSpan BrokerSkew { get; init; }

    public static FaultProfile Draw(Random random)
    {
        double rough = random.Next(5) switch
        {
            0 => 0,
            1 => 0.3,
            2 => 2,
            _ => 1,
        };
        return new()
        {
            CallFails = rough * Pick(0, 0.002, 0.005, 0.015),
            CallIsSlow = rough * Pick(0, 0.01, 0.05),
            CallKills = rough * Pick(0, 0.0005, 0.001, 0.003),
            AttemptFails = rough * Pick(0, 0.02, 0.1, 0.25),
            Refused = Pick(0, 0.05),
            Late = rough * Pick(0, 0.05, 0.1),
            Repeated = rough * Pick(0, 0.02, 0.1),
            Troubles = (int)(rough * Pick(0, 5, 15, 25)),
            NodeSkew = TimeSpan.FromSeconds(rough * Pick(0, 0.5, 30, 300)),
            BrokerSkew = TimeSpan.FromSeconds(Math.Min(rough, 1) * Pick(0, 0, 0.05, 2, 60)),
        };

        double Pick(params double[] choices) => choices[random.Next(choices.Length)];
    }
}
