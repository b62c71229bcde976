namespace StreamSegmenter.Oracle.Cases;

/// <summary>Makes a failing case small.</summary>
public static class Shrinker
{
    /// <summary>
    /// Drops rules and events as long as the case still fails. A case that no longer loads, because a rule asks for a
    /// dropped one, counts as not failing.
    /// </summary>
    public static RandomCase Minimise(RandomCase failing, Func<RandomCase, bool> stillFails)
    {
        var smallest = failing;
        bool shrunk;
        do
        {
            shrunk = false;
            foreach (var smaller in Candidates(smallest).Where(Fails))
            {
                smallest = smaller;
                shrunk = true;
                break;
            }
        } while (shrunk);

        return smallest;

        bool Fails(RandomCase candidate)
        {
            try
            {
                OracleRun.Check(candidate.Config);
            }
            catch (OracleLoadException)
            {
                return false;
            }

            return stillFails(candidate);
        }
    }

    /// <summary>Smaller cases, those with most left out first.</summary>
    private static IEnumerable<RandomCase> Candidates(RandomCase whole)
    {
        foreach (var segments in Fewer(whole.Segments))
        {
            yield return whole with
            {
                Segments = segments,
            };
        }

        foreach (var lines in Fewer(whole.Lines))
        {
            yield return whole with
            {
                Lines = lines,
            };
        }
    }

    private static IEnumerable<IReadOnlyList<T>> Fewer<T>(IReadOnlyList<T> all)
    {
        for (var dropped = all.Count / 2; dropped > 0; dropped /= 2)
        {
            for (var start = 0; start + dropped <= all.Count; start += dropped)
            {
                yield return [.. all.Take(start), .. all.Skip(start + dropped)];
            }
        }

        if (all.Count == 1)
        {
            yield return [];
        }
    }
}
