using System.CommandLine;
using StreamSegmenter.Node.Configuration;
using StreamSegmenter.Node.Configuration.Reading;

namespace StreamSegmenter.Cmd.Test;

/// <summary><c>segctl test</c>: do the segments do what their cases say?</summary>
internal static class TestCommand
{
    private const string Description =
        "Run the cases that stand beside the segments, NAME.cases.conf, on the engine under a virtual clock: events, "
        + "and who must be in which segment when. Nothing is pushed or stored.";

    private static readonly Argument<string[]> Files = new("FILES")
    {
        Description = "Files of cases, or directories with files that end with .cases.conf. Default: this directory.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    public static Command Create()
    {
        var configuration = new ConfigurationOptions(isRequired: false);
        var command = new Command("test", Description);
        command.Arguments.Add(Files);
        configuration.AddTo(command);
        command.SetAction(arguments => Run(arguments, configuration));
        return command;
    }

    private static int Run(ParseResult arguments, ConfigurationOptions options)
    {
        if (ReadAll(arguments, options) is not { } files)
        {
            return ExitCodes.Refused;
        }

        var report = new CaseReport(arguments.InvocationConfiguration.Output);
        foreach (var file in files)
        {
            report.WriteFile(file);
            foreach (var @case in file.Cases)
            {
                report.Write(CaseRun.Run(@case, file.Configuration));
            }
        }

        report.WriteSum();
        return report.AllPassed ? ExitCodes.Success : ExitCodes.FailedCases;
    }

    /// <summary>All files; null, with all problems on standard error, when one of them cannot be used.</summary>
    private static List<CaseFile>? ReadAll(ParseResult arguments, ConfigurationOptions options)
    {
        var error = arguments.InvocationConfiguration.Error;
        IReadOnlyList<string> paths;
        try
        {
            paths = CaseFinder.Find(arguments.GetValue(Files) ?? []);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            error.WriteLine(unreadable.Message);
            return null;
        }

        if (paths.Count == 0)
        {
            error.WriteLine($"there are no cases; name files, or directories with files *{CaseFileReader.Ending}");
            return null;
        }

        var problems = new ProblemList();
        var files = new List<CaseFile>();
        foreach (var path in paths)
        {
            if (Read(path, problems, arguments, options) is not { } file)
            {
                return Refuse();
            }

            files.Add(file);
        }

        return problems.Any ? Refuse() : files;

        List<CaseFile>? Refuse()
        {
            foreach (var problem in problems.InOrder())
            {
                error.WriteLine(problem);
            }

            return null;
        }
    }

    private static CaseFile? Read(
        string path,
        ProblemList problems,
        ParseResult arguments,
        ConfigurationOptions options
    )
    {
        var reader = new CaseFileReader(problems);
        if (reader.Open(path) is not { } document)
        {
            return null;
        }

        if ((options.FileOf(arguments) ?? document.Config) is not { } config)
        {
            problems.Add(
                document.Root.Origin,
                "config",
                "has no value",
                "add config = \"demo.conf\", or give --config"
            );
            return null;
        }

        var configuration = options.Load(arguments, config, ConfigurationPurpose.Rules);
        return configuration is null ? null : reader.Read(document, configuration);
    }
}
