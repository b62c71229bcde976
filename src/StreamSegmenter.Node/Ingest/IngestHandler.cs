using Microsoft.Extensions.ObjectPool;
using StreamSegmenter.Segmentation.Events;
using StreamSegmenter.Streams.Log;
using StreamSegmenter.Streams.State;

namespace StreamSegmenter.Node.Ingest;

/// <summary>
/// Takes events over HTTP. A producer is told 200 only when every event it sent is on stable storage, in the log or
/// among the dead letters; it is told 4xx only about what no repetition can mend. Thread-safe.
/// </summary>
public sealed partial class IngestHandler
{
    private readonly IngestOptions _options;
    private readonly IEventLogWriter _log;
    private readonly IDeadLetterStore _deadLetters;
    private readonly IBackpressure _backpressure;
    private readonly TimeProvider _time;
    private readonly IngestInstruments _instruments;
    private readonly ILogger _logger;
    private readonly CancellationToken _stopping;
    private readonly WriteKeys _keys;
    private readonly CorsRules _cors;
    private readonly ObjectPool<IngestSession> _sessions;
    private int _requests;
    private int _storageFailed;

    /// <summary>Prepares the handler, and warns when anybody may send events.</summary>
    /// <param name="messageIds">
    /// Makes ids for events without one, of 1 to 64 ASCII letters, digits and <c>- _ . :</c>; called from many threads.
    /// </param>
    /// <param name="stopping">From here on requests are answered with 503.</param>
    /// <exception cref="ArgumentException"><paramref name="options"/> are not valid.</exception>
    public IngestHandler(
        IngestOptions options,
        IEventLogWriter log,
        IDeadLetterStore deadLetters,
        IBackpressure backpressure,
        TimeProvider time,
        Func<string> messageIds,
        IngestInstruments instruments,
        ILogger<IngestHandler> logger,
        CancellationToken stopping
    )
    {
        if (options.Validate() is [string first, ..])
        {
            throw new ArgumentException($"ingest: {first}.", nameof(options));
        }

        (_options, _log, _deadLetters, _backpressure) = (options, log, deadLetters, backpressure);
        (_time, _instruments, _logger, _stopping) = (time, instruments, logger, stopping);
        _keys = new(options.Keys);
        _cors = new(options.AllowedOrigins);
        _sessions = new DefaultObjectPool<IngestSession>(new SessionPolicy(options, messageIds));
        if (_keys.IsOpen)
        {
            LogOpen(logger);
        }
    }

    /// <summary>Answers a browser's question whether it may post.</summary>
    public Task HandlePreflight(HttpContext http)
    {
        _cors.AnswerPreflight(http);
        return Task.CompletedTask;
    }

    /// <summary>Answers a request with one event of <paramref name="type"/>, or without a type a batch.</summary>
    public async Task HandleAsync(HttpContext http, EventType? type)
    {
        _cors.Apply(http);
        IngestAnswer? answer = await AdmitAsync(http, type);
        _instruments.Answered(answer?.Status ?? StatusCodes.Status499ClientClosedRequest);
        if (answer is not null)
        {
            await answer.WriteAsync(http.Response);
        }
    }

    /// <summary>Null when the producer went away.</summary>
    private async ValueTask<IngestAnswer?> AdmitAsync(HttpContext http, EventType? type)
    {
        if (_stopping.IsCancellationRequested)
        {
            http.Response.Headers.Connection = "close";
            return IngestAnswer.Unavailable("this node is shutting down; send it again", _options.RetryAfter);
        }

        if (_backpressure.RetryAfter is { } wait)
        {
            return IngestAnswer.Busy("the engine is behind; send it again later", wait);
        }

        try
        {
            if (Interlocked.Increment(ref _requests) > _options.MaxConcurrentRequests)
            {
                return IngestAnswer.Busy("too many requests at once; send it again later", _options.RetryAfter);
            }

            IngestSession session = _sessions.Get();
            IngestAnswer? answer = await AnswerAsync(http.Request, type, session);
            if (!session.MayStillBeRead)
            {
                _sessions.Return(session);
            }

            return answer;
        }
        finally
        {
            Interlocked.Decrement(ref _requests);
        }
    }

    private async ValueTask<IngestAnswer?> AnswerAsync(HttpRequest request, EventType? type, IngestSession session)
    {
        // A key in the header is judged before the body costs anything.
        string source = "http";
        bool isKnown = _keys.IsOpen;
        if (!isKnown && request.Headers.Authorization is [{ } header])
        {
            if (!WriteKeys.TryReadBasic(header, out byte[]? key) || !TryAuthorize(key, ref source))
            {
                return IngestAnswer.Unauthorized("the write key in the Authorization header is not known here");
            }

            isKnown = true;
        }

        (bool arrived, IngestAnswer? refusal) = await ReadAsync(request, type, session);
        if (!arrived || refusal is not null)
        {
            return refusal;
        }

        ReadOnlySpan<byte> body = session.Body.Span;
        bool isWellFormed = type is null
            ? session.Envelope.TryReadBatch(body, _options.MaxBatchEvents, out string fault)
            : session.Envelope.TryReadEvent(body, out fault);
        if (!isKnown && !TryAuthorize(session.Envelope.WriteKey, ref source))
        {
            return IngestAnswer.Unauthorized(
                "give the write key as the user name of Basic authentication, or as \"writeKey\" in the body"
            );
        }

        if (session.Envelope.Events.Count > _options.MaxBatchEvents)
        {
            return IngestAnswer.TooLarge($"a batch may hold {_options.MaxBatchEvents} events; send several batches");
        }

        Timestamp now = Timestamp.From(_time.GetUtcNow());
        if (isWellFormed)
        {
            session.Decode(type, source, now);
        }
        else
        {
            session.Letters.Add(
                new(now, source, RejectReason.NotJson.Code(), fault, session.Body.Slice(0, body.Length))
            );
        }

        if (await StoreAsync(session) is { } failure)
        {
            return failure;
        }

        Count(session);
        return isWellFormed
            ? IngestAnswer.Stored(session.Records.Count, session.Letters.Count, [.. session.Refused])
            : IngestAnswer.BadRequest(RejectReason.NotJson.Code(), fault);
    }

    private bool TryAuthorize(ReadOnlySpan<byte> key, ref string source)
    {
        if (!_keys.TryFind(key, out string? name))
        {
            return false;
        }

        source = "http " + name;
        return true;
    }

    private async ValueTask<(bool Arrived, IngestAnswer? Refusal)> ReadAsync(
        HttpRequest request,
        EventType? type,
        IngestSession session
    )
    {
        int maxBytes = type is null ? _options.MaxBatchBytes : _options.MaxEventBytes;
        CancellationToken aborted = request.HttpContext.RequestAborted;
        using CancellationTokenSource late = new(_options.ReadTimeout, _time);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(late.Token, aborted);
        try
        {
            BodyResult result = await RequestBody.ReadAsync(
                request,
                session.Body,
                session.Packed,
                maxBytes,
                over.Token
            );
            return (true, Refusal(result, maxBytes));
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !aborted.IsCancellationRequested)
        {
            string message = $"the body did not arrive within {_options.ReadTimeout.TotalSeconds} s; send it again";
            return (true, new(StatusCodes.Status408RequestTimeout, "timeout", message));
        }
        catch (BadHttpRequestException error)
        {
            return (true, Refusal(error, maxBytes));
        }
        catch (Exception error) when (error is OperationCanceledException or IOException)
        {
            return (false, null);
        }
    }

    /// <summary>What the server found wrong with how the body was sent.</summary>
    private static IngestAnswer Refusal(BadHttpRequestException error, int maxBytes) =>
        error.StatusCode switch
        {
            StatusCodes.Status408RequestTimeout => new(
                error.StatusCode,
                "timeout",
                "the body arrived too slowly; send it again"
            ),
            StatusCodes.Status413PayloadTooLarge => BodyTooLarge(maxBytes),
            _ => new(
                error.StatusCode,
                "bad-request",
                "the body broke off or is not framed as HTTP; send it again whole"
            ),
        };

    private static IngestAnswer BodyTooLarge(int maxBytes) =>
        IngestAnswer.TooLarge($"the body may have {maxBytes} bytes, before and after decompression; send smaller ones");

    private static IngestAnswer? Refusal(BodyResult result, int maxBytes) =>
        result switch
        {
            BodyResult.TooLarge => BodyTooLarge(maxBytes),
            BodyResult.BadGzip => IngestAnswer.BadRequest(
                "bad-gzip",
                "the body begins like gzip but is damaged or cut short; compress it again and send it whole"
            ),
            _ => null,
        };

    private void Count(IngestSession session)
    {
        _instruments.Accepted(session.Records.Count);
        session.Letters.ForEach(letter => _instruments.Rejected(letter.Reason));
    }

    /// <summary>Puts everything on stable storage; otherwise says what to tell the producer.</summary>
    private async ValueTask<IngestAnswer?> StoreAsync(IngestSession session)
    {
        // The producer's going away is no reason to stop: whether the events got in must not depend on its patience.
        // A store may be past the point where it can heed the token, and is then not waited for either.
        using CancellationTokenSource late = new(_options.AppendTimeout, _time);
        try
        {
            if (session.Records.Count > 0)
            {
                await _log.AppendAsync(session.Records, late.Token).AsTask().WaitAsync(late.Token);
            }

            // After the log: a producer that is told to come back must not leave the same letters twice.
            if (session.Letters.Count > 0)
            {
                await _deadLetters.AddAsync(session.Letters, late.Token).AsTask().WaitAsync(late.Token);
            }
        }
        catch (LogBusyException)
        {
            return IngestAnswer.Busy("the log is behind; send it again later", _options.RetryAfter);
        }
        catch (Exception error)
        {
            session.MayStillBeRead = true;
            if (Interlocked.Exchange(ref _storageFailed, 1) == 0)
            {
                LogStorageFailed(_logger, error);
            }

            return IngestAnswer.Unavailable("the events could not be stored; send them again", _options.RetryAfter);
        }

        if (Volatile.Read(ref _storageFailed) == 1 && Interlocked.Exchange(ref _storageFailed, 0) == 1)
        {
            LogStorageWorks(_logger);
        }

        return null;
    }

    [LoggerMessage(
        4001,
        LogLevel.Warning,
        "The ingest is open: anybody who reaches it may send events. Configure ingest.keys to change that"
    )]
    private static partial void LogOpen(ILogger logger);

    [LoggerMessage(4002, LogLevel.Error, "Events cannot be stored; producers are asked to send them again")]
    private static partial void LogStorageFailed(ILogger logger, Exception error);

    [LoggerMessage(4003, LogLevel.Information, "Events can be stored again")]
    private static partial void LogStorageWorks(ILogger logger);

    private sealed class SessionPolicy(IngestOptions options, Func<string> messageIds)
        : IPooledObjectPolicy<IngestSession>
    {
        public IngestSession Create() => new(options, messageIds);

        public bool Return(IngestSession session)
        {
            session.Reset();
            return true;
        }
    }
}
