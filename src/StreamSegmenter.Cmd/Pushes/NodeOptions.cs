using System.CommandLine;
using System.CommandLine.Parsing;

namespace StreamSegmenter.Cmd.Pushes;

/// <summary>Which node is asked.</summary>
internal sealed class NodeOptions
{
    private const string SecretVariable = "SEGMENTER_API_SECRET";

    private readonly Option<Uri> _node = new("--node")
    {
        Description = "The address of any node's API.",
        HelpName = "URL",
        DefaultValueFactory = static _ => new("http://127.0.0.1:8081"),
        CustomParser = ReadAddress,
    };

    private readonly Option<string?> _secret = new("--secret")
    {
        Description = $"What api.secret says. Best from the environment: {SecretVariable}.",
        HelpName = "SECRET",
        DefaultValueFactory = static _ => Environment.GetEnvironmentVariable(SecretVariable),
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_node);
        command.Options.Add(_secret);
    }

    private static Uri? ReadAddress(ArgumentResult argument)
    {
        string text = argument.Tokens[0].Value;
        if (Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https")
        {
            return address;
        }

        argument.AddError($"--node {text}: write an address such as http://127.0.0.1:8081");
        return null;
    }

    public NodeApi Connect(ParseResult arguments) =>
        new(arguments.GetRequiredValue(_node), arguments.GetValue(_secret));
}
