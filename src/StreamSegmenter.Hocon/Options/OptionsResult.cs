namespace StreamSegmenter.Hocon.Options;

/// <summary>Options, or all that keeps them from being used.</summary>
/// <typeparam name="T">The class of options.</typeparam>
public sealed class OptionsResult<T>
    where T : class
{
    private readonly T? _value;

    internal OptionsResult(T? value, IReadOnlyList<ConfigurationError> errors)
    {
        _value = value;
        Errors = errors;
    }

    /// <summary>All errors, in the order of the class's properties; none when the options can be used.</summary>
    public IReadOnlyList<ConfigurationError> Errors { get; }

    /// <summary>Whether there are no errors.</summary>
    public bool IsValid => Errors.Count == 0;

    /// <summary>
    /// The options. Throws <see cref="InvalidConfigurationException"/> with all errors when there are any.
    /// </summary>
    public T Value => IsValid ? _value! : throw new InvalidConfigurationException(Errors);
}

/// <summary>A configuration that cannot be used; the message lists every error on a line of its own.</summary>
/// <param name="errors">The errors.</param>
public sealed class InvalidConfigurationException(IReadOnlyList<ConfigurationError> errors)
    : Exception(string.Join(Environment.NewLine, errors))
{
    /// <summary>The errors.</summary>
    public IReadOnlyList<ConfigurationError> Errors { get; } = errors;
}
