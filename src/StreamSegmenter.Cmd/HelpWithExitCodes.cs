using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace StreamSegmenter.Cmd;

/// <summary>Help that ends with what the exit codes mean.</summary>
internal sealed class HelpWithExitCodes : SynchronousCommandLineAction
{
    private const string ExitCodeText = """
        Exit codes:
          0  done
          1  nothing was done: wrong arguments, a configuration that cannot be used, or a file that cannot be read
          2  done, but some events were not valid (simulate, diff), some cases failed (test), or there is a topic
             already and it differs (topics create)

        """;

    private readonly HelpAction _help = new();

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        int exitCode = _help.Invoke(parseResult);
        parseResult.InvocationConfiguration.Output.WriteLine(ExitCodeText);
        return exitCode;
    }
}
