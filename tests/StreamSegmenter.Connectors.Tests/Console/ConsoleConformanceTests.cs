using StreamSegmenter.Connectors.Console;
using StreamSegmenter.Connectors.Tests.Support;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Tests.Console;

public sealed class ConsoleConformanceTests : ConnectorConformance
{
    public override string ConnectorType => "console";

    // Standard output takes what it is given, or breaks while it does.
    protected override DeliveryOutcome? Expected(Conduct conduct) =>
        conduct is Conduct.Accept or Conduct.TakeAndHold or Conduct.TakeAndHangUp ? base.Expected(conduct) : null;

    protected override Task<ScriptedPeer> StartPeerAsync(bool untrusted = false) =>
        Task.FromResult<ScriptedPeer>(new Terminal());

    protected override IConnector ConnectTo(ScriptedPeer peer, bool untrusted = false) =>
        TestServices.Connector(new ConsoleOptions(), TestServices.Create(output: ((Terminal)peer).Output, time: Clock));

    protected override IConnector ConnectToNobody() =>
        throw new NotSupportedException("Standard output is always there.");

    /// <summary>Whoever reads standard output.</summary>
    private sealed class Terminal : ScriptedPeer
    {
        public Terminal() => Output = new Writer(this);

        public TextWriter Output { get; }

        public override ValueTask DisposeAsync() => Output.DisposeAsync();

        private async Task ShowAsync(string line)
        {
            Take(new(line.Split(' ')[1], line));
            switch (Conduct)
            {
                case Conduct.TakeAndHold:
                    await HoldAsync();
                    break;
                case Conduct.TakeAndHangUp:
                    throw new IOException("Broken pipe");
            }
        }

        private sealed class Writer(Terminal terminal) : StringWriter
        {
            public override Task WriteLineAsync(
                ReadOnlyMemory<char> buffer,
                CancellationToken cancellationToken = default
            ) => terminal.ShowAsync(buffer.ToString());
        }
    }
}
