using System.CommandLine;
using System.CommandLine.Parsing;
using StreamSegmenter.Node.Configuration;
using StreamSegmenter.Node.Hosting;

namespace StreamSegmenter.Cmd.Nodes;

/// <summary>Which node is asked.</summary>
internal sealed class NodeOptions
{
    private const string SecretVariable = "SEGMENTER_API_SECRET";

    private static readonly Uri s_usual = new("http://127.0.0.1:8081");

    private readonly Option<Uri?> _node = new("--node")
    {
        Description =
            $"The address of any node's API. Default: that of the configuration, if one is given, else {s_usual}",
        HelpName = "URL",
        CustomParser = ReadAddress,
    };

    private readonly Option<string?> _secret = new("--secret")
    {
        Description = $"What api.secret says. Best from the environment: {SecretVariable}.",
        HelpName = "SECRET",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_node);
        command.Options.Add(_secret);
    }

    /// <summary>Talks to the node and returns the exit code; what goes wrong is said on standard error.</summary>
    public async Task<int> RunAsync(ParseResult arguments, Func<NodeApi, Task> run)
    {
        using NodeApi api = Connect(arguments);
        string problem;
        try
        {
            await run(api);
            return ExitCodes.Success;
        }
        catch (Exception e) when (e is NodeApiException or IOException or UnauthorizedAccessException)
        {
            problem = e.Message;
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            problem = api.OtherAnswer; // without a member that was looked for, or with one of another kind
        }

        await arguments.InvocationConfiguration.Error.WriteLineAsync(problem);
        return ExitCodes.Refused;
    }

    /// <param name="configured">Of the command's configuration, if it has one.</param>
    public NodeApi Connect(ParseResult arguments, ApiOptions? configured = null)
    {
        ApiSettings? settings = configured?.ToSettings();
        Uri? known = settings is null ? null : settings.Advertise ?? new($"http://{settings.Listen}");
        // Not the option's default value: help prints those.
        string? secret = arguments.GetValue(_secret) ?? Environment.GetEnvironmentVariable(SecretVariable);
        return new(arguments.GetValue(_node) ?? known ?? s_usual, secret ?? settings?.Secret);
    }

    private static Uri? ReadAddress(ArgumentResult argument)
    {
        string text = argument.Tokens[0].Value;
        if (Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https")
        {
            return address;
        }

        argument.AddError($"--node {text}: write an address such as {s_usual}");
        return null;
    }
}
