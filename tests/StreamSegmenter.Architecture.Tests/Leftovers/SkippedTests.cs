using System.Text.RegularExpressions;
using StreamSegmenter.Architecture.Tests.Reading;

namespace StreamSegmenter.Architecture.Tests.Leftovers;

/// <summary>
/// No test is switched off by hand. A test that needs a program which may not be installed says so with an attribute of
/// its own, which looks for the program.
/// </summary>
public sealed partial class SkippedTests : IRule
{
    public IEnumerable<Finding> Check(SourceTree tree) =>
        from file in tree.CSharp
        from Match match in SwitchedOff().Matches(file.Text)
        select new Finding(file.Path, file.LineAt(match.Index), "a test is switched off: mend or delete it");

    [GeneratedRegex(
        @"(\b(Fact|Theory|InlineData|MemberData|ClassData)(Attribute)?\(([^\]]*,\s*)?Skip\s*=)|^\s*#if\s+false\b",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline,
        matchTimeoutMilliseconds: 1_000
    )]
    private static partial Regex SwitchedOff();
}
