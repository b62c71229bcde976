namespace StreamSegmenter.Hocon.Options;

/// <summary>Options with rules that span several properties.</summary>
public interface IValidatedOptions
{
    /// <summary>Yields what is wrong. Called only when every property on its own is right.</summary>
    IEnumerable<OptionsViolation> Validate();
}

/// <summary>A broken rule.</summary>
/// <param name="Property">The property to blame: use <c>nameof</c>.</param>
/// <param name="Problem">What is wrong, such as <c>must be shorter than lease</c>.</param>
/// <param name="Cure">What to do, such as <c>write a duration under 30s</c>.</param>
public readonly record struct OptionsViolation(string Property, string Problem, string Cure);
