using System.Text;

namespace StreamSegmenter.Oracle.Cases;

/// <summary>Random sequences of two to four steps.</summary>
internal static class RandomSequence
{
    public static string Create(RandomText text, RandomSource sources)
    {
        var sequence = new StringBuilder("sequence(").Append(sources.Event()).Append(sources.Where());
        for (var steps = text.Next(0, 3); steps > 0; steps--)
        {
            sequence.Append(
                text.Next(3) == 0
                    ? $" then not {sources.Event()}{sources.Where()} then {sources.Event()}"
                    : $" then {sources.Event()}{sources.Where()}"
            );
            sequence.Append(text.Next(2) == 0 ? $" within {text.Duration()}" : "");
        }

        var ends = text.Next(3);
        sequence.Append(
            ends switch
            {
                0 => $" then not {sources.Event()}{sources.Where()} within {text.Duration()}",
                1 => $" total {text.Duration()}",
                _ => "",
            }
        );
        return sequence.Append(sources.Window()).Append(')').ToString();
    }
}
