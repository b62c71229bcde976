using System.Buffers;
using StreamSegmenter.Architecture.Tests.Reading;

namespace StreamSegmenter.Architecture.Tests.Leftovers;

/// <summary>
/// Nothing names the machine it was written on, or the host that packages come from: both differ elsewhere.
/// </summary>
public sealed class Workplaces : IRule
{
    // Each in two pieces, so that this file does not find itself.
    private static readonly SearchValues<string> Places = SearchValues.Create(
        [
            "/wo" + "rk/",
            "/ho" + "me/",
            "/Us" + "ers/",
            "/ro" + "ot/",
            "C:" + "\\",
            "api.nu" + "get.org",
            "registry.npm" + "js",
            "registry.yarn" + "pkg",
            "pypi.org/" + "simple",
            "files.python" + "hosted",
            "deb.deb" + "ian",
            "archive.ubu" + "ntu",
            "proxy.go" + "lang",
        ],
        StringComparison.Ordinal
    );

    // The home of the person in examples.
    private const string Nobody = "/home/somebody";

    public IEnumerable<Finding> Check(SourceTree tree) =>
        from file in tree.Files
        from line in file.Lines.Index()
        where NamesPlace(line.Item)
        select new Finding(file.Path, line.Index + 1, $"a place of one machine or network: '{line.Item.Trim()}'");

    private static bool NamesPlace(ReadOnlySpan<char> line)
    {
        int at = line.IndexOfAny(Places);
        if (at < 0)
        {
            return false;
        }

        // Within a longer path, such as that of an address, it is none.
        bool isWithin =
            line[at] == '/' && at > 0 && (char.IsLetterOrDigit(line[at - 1]) || line[at - 1] is '.' or '~' or '-');
        return !(isWithin || line[at..].StartsWith(Nobody, StringComparison.Ordinal)) || NamesPlace(line[(at + 1)..]);
    }
}
