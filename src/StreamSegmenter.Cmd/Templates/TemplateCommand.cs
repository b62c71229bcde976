using System.CommandLine;
using System.Text.Json.Nodes;
using StreamSegmenter.Cmd.Nodes;
using StreamSegmenter.Connectors.Templates;
using StreamSegmenter.Connectors.Trials;
using StreamSegmenter.Node.Configuration;

namespace StreamSegmenter.Cmd.Templates;

/// <summary><c>segctl template preview NAME</c>: what a template says to somebody, without saying it.</summary>
internal sealed class TemplateCommand
{
    private const string Description =
        "Render a template as a push would, and print its parts; nothing is sent. Exit code 1 if one cannot be "
        + "rendered, with the words of the dead letter it would become.";

    private readonly ConfigurationOptions _configuration = new();
    private readonly TrialOptions _trial = new();
    private readonly NodeQuestion _node = new();

    private readonly Argument<string> _name = new("NAME") { Description = "The template's name." };

    private readonly Option<string> _part = new("--part")
    {
        Description = "Print this part alone, without a heading: subject, text, html, chat or markdown.",
        HelpName = "PART",
    };

    public static Command Create()
    {
        var template = new TemplateCommand();
        template._part.AcceptOnlyFromAmong("subject", "text", "html", "chat", "markdown");
        var preview = new Command("preview", Description) { template._name, template._part };
        template._configuration.AddTo(preview);
        template._trial.AddTo(preview);
        template._node.AddTo(preview);
        preview.SetAction(template.RunAsync);
        return new Command("template", "Look after what pushes say.") { preview };
    }

    private async Task<int> RunAsync(ParseResult arguments, CancellationToken stop)
    {
        var (output, error) = (arguments.InvocationConfiguration.Output, arguments.InvocationConfiguration.Error);
        if (_configuration.Load(arguments, ConfigurationPurpose.Node) is not { } configuration)
        {
            return ExitCodes.Refused;
        }

        string name = arguments.GetRequiredValue(_name);
        if (!configuration.Templates.Names.Contains(name, StringComparer.Ordinal))
        {
            string known = string.Join(", ", configuration.Templates.Names);
            await error.WriteLineAsync($"there is no template \"{name}\"; there are {known}");
            return ExitCodes.Refused;
        }

        JsonObject? customer = null;
        if (_node.IsAsked(arguments))
        {
            if (_trial.HasCustomer(arguments))
            {
                await error.WriteLineAsync("--customer and --customer-json: give one of them");
                return ExitCodes.Refused;
            }

            try
            {
                customer = await _node.AskAsync(arguments, configuration.Api, stop);
            }
            catch (NodeApiException refusal)
            {
                await error.WriteLineAsync(refusal.Message);
                return ExitCodes.Refused;
            }
        }

        var trial = _trial.Read(
            arguments,
            configuration,
            push => JsonNode.Parse(push.Options.Span)?["template"]?.ToString() == name,
            customer,
            TimeProvider.System
        );
        return trial is null
            ? ExitCodes.Refused
            : Print(
                TemplatePreview.Render(
                    configuration.Templates,
                    name,
                    trial,
                    configuration.Unsubscribe is not null,
                    stop
                ),
                arguments.GetValue(_part),
                output,
                error
            );
    }

    private static int Print(IReadOnlyList<PreviewedPart> parts, string? wanted, TextWriter output, TextWriter error)
    {
        var shown = parts.Where(part => wanted is null || WordOf(part.Part) == wanted).ToList();
        if (shown.Count == 0)
        {
            error.WriteLine(
                $"the template has no {wanted}; it has {string.Join(", ", parts.Select(p => WordOf(p.Part)))}"
            );
            return ExitCodes.Refused;
        }

        foreach (var part in shown)
        {
            if (part.Text is null)
            {
                error.WriteLine(part.Refusal);
            }
            else
            {
                output.WriteLine(wanted is null ? $"--- {WordOf(part.Part)}\n{part.Text}" : part.Text);
            }
        }

        return shown.Exists(part => part.Text is null) ? ExitCodes.Refused : ExitCodes.Success;
    }

    private static string WordOf(TemplatePart part) => part.ToString().ToLowerInvariant();
}
