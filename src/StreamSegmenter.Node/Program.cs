using System.CommandLine;
using StreamSegmenter.Node.Cli;

var root = new RootCommand("StreamSegmenter: turns customer events into pushes, at the moment they happen.")
{
    RunCommand.Create(TimeProvider.System),
    DemoCommand.Create(TimeProvider.System),
};

// The commands end in order by themselves; nobody may cut them short.
return await root.Parse(args).InvokeAsync(new() { ProcessTerminationTimeout = null });
