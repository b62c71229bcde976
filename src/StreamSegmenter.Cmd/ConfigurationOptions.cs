using System.CommandLine;
using StreamSegmenter.Node.Configuration;

namespace StreamSegmenter.Cmd;

/// <summary>The options of every command that needs a configuration.</summary>
internal sealed class ConfigurationOptions
{
    private readonly Option<string> _file = new("--config")
    {
        Description = "The configuration, in HOCON. It lies over the defaults of reference.conf.",
        HelpName = "FILE.conf",
        Required = true,
    };

    private readonly Option<string[]> _overrides = new("--set")
    {
        Description = "Overrides a key, e.g. --set time-zone=Europe/Berlin. May be given several times.",
        HelpName = "KEY=VALUE",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_file);
        command.Options.Add(_overrides);
    }

    /// <summary>The configuration; null, with all problems on standard error, when it cannot be used.</summary>
    public NodeConfiguration? Load(ParseResult arguments, ConfigurationPurpose purpose)
    {
        var input = new ConfigurationInput
        {
            File = arguments.GetRequiredValue(_file),
            Overrides = arguments.GetValue(_overrides) ?? [],
            Purpose = purpose,
        };
        switch (ConfigurationLoader.Load(input))
        {
            case ConfigurationResult.Loaded loaded:
                return loaded.Configuration;
            case ConfigurationResult.Refused refused:
                arguments.InvocationConfiguration.Error.WriteLine(refused);
                return null;
            default:
                throw new InvalidOperationException("A configuration is either loaded or refused.");
        }
    }
}
