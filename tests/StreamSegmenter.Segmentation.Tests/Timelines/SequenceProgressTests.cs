using StreamSegmenter.Segmentation.Timelines;

namespace StreamSegmenter.Segmentation.Tests.Timelines;

/// <summary>Against a search that tries every choice of events for the steps.</summary>
public sealed class SequenceProgressTests
{
    [Fact]
    public void Completions_are_those_that_trying_every_choice_finds()
    {
        int found = 0;
        for (int seed = 0; seed < 4_000; seed++)
        {
            var random = new Random(seed);
            SequencePattern pattern = RandomPattern(random);
            var progress = new SequenceProgress(pattern);
            var lane = new Lane(LaneContent.Steps);
            long now = 0;
            for (int step = 0; step < 12; step++)
            {
                now += random.Next(4);
                Change(lane, random, now);
                if (random.Next(3) == 0)
                {
                    // An evaluation now and then: several entries are taken in at once.
                    continue;
                }

                progress.CatchUp(lane);
                (long? Newest, long? Following) expected = Around(AllCompletions(pattern, lane), now);
                (long? Newest, long? Following) actual = progress.Around(now);
                if (actual != expected)
                {
                    Assert.Fail($"seed {seed}, {step}: {actual} for {expected}: {pattern} over {Show(lane)}");
                }

                found += expected.Newest is null && expected.Following is null ? 0 : 1;
            }
        }

        found.ShouldBeGreaterThan(2_000, "sequences that are never complete test nothing");
    }

    [Fact]
    public void A_forbidden_event_with_a_time_spoils_the_newer_way_and_not_the_older()
    {
        // A then not X within 2 then B
        var pattern = new SequencePattern([new(1, null, [new(2, 2)]), new(4, null, [])], Total: null, Wait: 0);
        var progress = new SequenceProgress(pattern);
        var lane = new Lane(LaneContent.Steps);
        foreach ((long time, uint steps) in new[] { (0L, 1u), (10L, 1u), (11L, 2u), (20L, 4u) })
        {
            lane.InsertSteps(new(time), steps);
        }

        progress.CatchUp(lane);

        progress.Around(20).ShouldBe((20, null));
    }

    [Fact]
    public void A_completion_that_is_still_waiting_is_withdrawn_when_the_forbidden_event_comes()
    {
        // A then not X within 5
        var progress = new SequenceProgress(new([new(1, null, [new(2, 5)])], Total: null, Wait: 5));
        var lane = new Lane(LaneContent.Steps);
        lane.InsertSteps(new(0), 1);
        lane.InsertSteps(new(3), 1);
        progress.CatchUp(lane);
        progress.Around(4).ShouldBe((null, 5));

        lane.InsertSteps(new(6), 2);
        progress.CatchUp(lane);

        progress.Around(6).ShouldBe((5, null));
    }

    private static void Change(Lane lane, Random random, long now)
    {
        if (lane.Count > 0 && random.Next(25) == 0)
        {
            lane.DropOldest(1);
        }

        bool late = random.Next(8) == 0;
        // An event may fit several steps, also a required one and a forbidden one.
        uint steps = 1u << random.Next(5);
        steps |= random.Next(4) == 0 ? 1u << random.Next(5) : 0;
        lane.InsertSteps(new(late ? now - random.Next(8) : now), steps);
    }

    private static SequencePattern RandomPattern(Random random)
    {
        int required = random.Next(1, 4);
        var steps = new List<RequiredStep>();
        for (int i = 0; i < required; i++)
        {
            bool isLast = i == required - 1;
            var forbidden = new List<ForbiddenStep>();
            if (!isLast && random.Next(2) == 0)
            {
                forbidden.Add(new(1u << random.Next(5), random.Next(2) == 0 ? random.Next(1, 6) : null));
            }

            steps.Add(
                new(1u << random.Next(5), i > 0 && random.Next(2) == 0 ? random.Next(1, 8) : null, [.. forbidden])
            );
        }

        long wait = random.Next(2) == 0 ? random.Next(1, 6) : 0;
        if (wait > 0)
        {
            steps[^1] = steps[^1] with { Forbidden = [.. Trailing(random, wait)] };
        }

        return new(steps, random.Next(2) == 0 ? random.Next(1, 15) : null, wait);
    }

    // The last of the forbidden steps at the end always has the time that is waited for.
    private static List<ForbiddenStep> Trailing(Random random, long wait)
    {
        var forbidden = new List<ForbiddenStep>();
        if (random.Next(3) == 0)
        {
            forbidden.Add(new(1u << random.Next(5), random.Next(2) == 0 ? random.Next(1, 8) : null));
        }

        forbidden.Add(new(1u << random.Next(5), wait));
        return forbidden;
    }

    private static (long? Newest, long? Following) Around(IReadOnlyCollection<long> completions, long now) =>
        (
            completions.Where(c => c <= now).Select(c => (long?)c).Max(),
            completions.Where(c => c > now).Select(c => (long?)c).Min()
        );

    private static List<long> AllCompletions(SequencePattern pattern, Lane lane)
    {
        (long Time, uint Steps)[] events =
        [
            .. Enumerable.Range(lane.Start, lane.Count).Select(i => (lane.TimeAt(i).Milliseconds, lane.StepsAt(i))),
        ];
        var completions = new List<long>();
        for (int first = 0; first < events.Length; first++)
        {
            if ((events[first].Steps & pattern.Steps[0].Steps) != 0)
            {
                Extend(pattern, events, first, first, 0, completions);
            }
        }

        return completions;
    }

    private static void Extend(
        SequencePattern pattern,
        (long Time, uint Steps)[] events,
        int first,
        int chosen,
        int step,
        List<long> completions
    )
    {
        long time = events[chosen].Time;
        if (step == pattern.Steps.Count - 1)
        {
            long completion = time + pattern.Wait;
            int end = Array.FindLastIndex(events, e => e.Time <= completion) + 1;
            bool spoiled = pattern.Wait > 0 && IsSpoiled(pattern.Steps[step], events, chosen, end);
            if (!spoiled && (pattern.Total is not { } total || completion - events[first].Time <= total))
            {
                completions.Add(completion);
            }

            return;
        }

        RequiredStep next = pattern.Steps[step + 1];
        for (int candidate = chosen + 1; candidate < events.Length; candidate++)
        {
            if (
                (events[candidate].Steps & next.Steps) != 0
                && (next.Within is not { } within || events[candidate].Time - time <= within)
                && !IsSpoiled(pattern.Steps[step], events, chosen, candidate)
            )
            {
                Extend(pattern, events, first, candidate, step + 1, completions);
            }
        }
    }

    private static bool IsSpoiled(RequiredStep step, (long Time, uint Steps)[] events, int chosen, int end) =>
        Enumerable
            .Range(chosen + 1, Math.Max(0, end - chosen - 1))
            .Any(i =>
                step.Forbidden.Any(forbidden =>
                    (events[i].Steps & forbidden.Steps) != 0
                    && (forbidden.Within is not { } within || events[i].Time - events[chosen].Time <= within)
                )
            );

    private static string Show(Lane lane) =>
        string.Join(
            ' ',
            Enumerable.Range(lane.Start, lane.Count).Select(i => $"{lane.TimeAt(i).Milliseconds}:{lane.StepsAt(i):b}")
        );
}
