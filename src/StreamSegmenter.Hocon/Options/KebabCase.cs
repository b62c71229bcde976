using System.Text;

namespace StreamSegmenter.Hocon.Options;

/// <summary>The keys of properties and the words of enums: <c>BatchSize</c> is <c>batch-size</c>.</summary>
internal static class KebabCase
{
    public static string Of(string name)
    {
        var result = new StringBuilder(name.Length + 4);
        for (var i = 0; i < name.Length; i++)
        {
            if (i > 0 && StartsWord(name, i))
            {
                result.Append('-');
            }
            result.Append(char.ToLowerInvariant(name[i]));
        }
        return result.ToString();
    }

    /// <summary>
    /// An upper-case letter after another kind, or the last one of a run: <c>HTTPPort</c> is <c>http-port</c>.
    /// </summary>
    private static bool StartsWord(string name, int i) =>
        char.IsUpper(name[i]) && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1])));
}
