using System.CommandLine;
using StreamSegmenter.Node.Configuration;

namespace StreamSegmenter.Cmd;

/// <summary>The options of every command that needs a configuration.</summary>
/// <param name="isRequired">Whether the command needs <c>--config</c> itself.</param>
internal sealed class ConfigurationOptions(bool isRequired = true)
{
    private readonly Option<string> _file = new("--config")
    {
        Description = "The configuration, in HOCON. It lies over the defaults of reference.conf.",
        HelpName = "FILE.conf",
        Required = isRequired,
    };

    private readonly Option<string[]> _overrides = new("--set")
    {
        Description = "Overrides a key, e.g. --set time-zone=Europe/Berlin. May be given several times.",
        HelpName = "KEY=VALUE",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_file);
        AddOverridesTo(command);
    }

    /// <summary>For a command that names its configurations by itself.</summary>
    public void AddOverridesTo(Command command) => command.Options.Add(_overrides);

    /// <summary>What <c>--config</c> says; null without it.</summary>
    public string? FileOf(ParseResult arguments) => arguments.GetValue(_file);

    /// <summary>The configuration; null, with all problems on standard error, when it cannot be used.</summary>
    public NodeConfiguration? Load(ParseResult arguments, ConfigurationPurpose purpose) =>
        Load(arguments, arguments.GetRequiredValue(_file), purpose);

    /// <summary>As <see cref="Load(ParseResult, ConfigurationPurpose)"/>, from another file.</summary>
    public NodeConfiguration? Load(ParseResult arguments, string file, ConfigurationPurpose purpose)
    {
        var input = new ConfigurationInput
        {
            File = file,
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
