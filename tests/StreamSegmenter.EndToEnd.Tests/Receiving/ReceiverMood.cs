namespace StreamSegmenter.EndToEnd.Tests.Receiving;

/// <summary>What a receiver does with a delivery.</summary>
public enum ReceiverMood
{
    TakeIt,
    RefuseIt,
    CloseBeforeTakingIt,
    CloseAfterTakingIt,
    FailAfterTakingIt,
    TakeItAndSayNothing,
}

/// <summary>Draws moods: most deliveries go well.</summary>
public sealed class ReceiverMoods(int seed)
{
    private readonly Random _random = new(seed);

    public ReceiverMood Next()
    {
        lock (_random)
        {
            return _random.Next(100) switch
            {
                < 6 => ReceiverMood.RefuseIt,
                < 9 => ReceiverMood.CloseBeforeTakingIt,
                < 14 => ReceiverMood.CloseAfterTakingIt,
                < 18 => ReceiverMood.FailAfterTakingIt,
                < 20 => ReceiverMood.TakeItAndSayNothing,
                _ => ReceiverMood.TakeIt,
            };
        }
    }
}
