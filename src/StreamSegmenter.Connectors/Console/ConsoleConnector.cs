using StreamSegmenter.Connectors.Templates;
using StreamSegmenter.Streams.Pushes;

namespace StreamSegmenter.Connectors.Console;

/// <summary>Writes each push as one line: the connector's name, the push's id and the rendered text.</summary>
internal sealed class ConsoleConnector(ConnectorName name, ConsoleOptions options, ConnectorServices services)
    : IConnector,
        IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    public async ValueTask<DeliveryResult> SendAsync(Push push, CancellationToken cancellationToken)
    {
        if (!PushPayload.TryParse(push, out var payload, out var refusal))
        {
            return refusal;
        }

        using (payload)
        {
            if (
                !services.Templates.TryChoose(payload, options.Template, out var template, out refusal)
                || !template.TryRender(TemplatePart.Text, payload, out string? text, out refusal, cancellationToken)
            )
            {
                return refusal;
            }

            // A terminal obeys escape sequences; a customer's name must not hold any.
            return await WriteAsync($"[{name}] {push.Id} {SingleLine.Of(text)}", cancellationToken);
        }
    }

    public void Dispose() => _turn.Dispose();

    private async ValueTask<DeliveryResult> WriteAsync(string line, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.Timeout, services.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await _turn.WaitAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            return DeliveryResult.Retry("The time was over before the line was written.");
        }

        try
        {
            await Task.Run(() => WriteInTurnAsync(line), CancellationToken.None).WaitAsync(either.Token);
            return DeliveryResult.Delivered;
        }
        catch (OperationCanceledException)
        {
            return DeliveryResult.Unknown("The time was over while the line was written.");
        }
        catch (IOException exception)
        {
            return DeliveryResult.Unknown($"The line may be incomplete: {exception.Message}");
        }
    }

    // Goes on when nobody waits any longer: half a line would spoil the next. Standard output blocks whoever writes.
    private async Task WriteInTurnAsync(string line)
    {
        try
        {
            await services.Output.WriteLineAsync(line.AsMemory(), CancellationToken.None);
            await services.Output.FlushAsync(CancellationToken.None);
        }
        finally
        {
            _turn.Release();
        }
    }
}
