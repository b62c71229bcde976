using System.Text;

namespace StreamSegmenter.Oracle.Cases;

/// <summary>Random sequences of up to three happenings.</summary>
internal static class RandomSequence
{
    public static string Create(RandomText text, RandomSource sources)
    {
        var sequence = new StringBuilder("sequence(").Append(sources.Step());
        for (var steps = text.Next(3); steps > 0; steps--)
        {
            sequence.Append(text.Next(3) == 0 ? $" then not {sources.Step()}{Bound(text)}" : "");
            sequence.Append($" then {sources.Step()}");
            sequence.Append(text.Next(2) == 0 ? $" within {text.Duration()}" : "");
        }

        var ends = text.Next(4);
        sequence.Append(
            ends switch
            {
                0 or 1 => $" then not {sources.Step()} within {text.Duration()}",
                2 => $" total {text.Duration()}",
                _ => "",
            }
        );
        return sequence.Append(sources.Window()).Append(')').ToString();
    }

    private static string Bound(RandomText text) => text.Next(3) == 0 ? $" within {text.Duration()}" : "";
}
