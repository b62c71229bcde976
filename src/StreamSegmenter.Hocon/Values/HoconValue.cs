namespace StreamSegmenter.Hocon.Values;

/// <summary>
/// A resolved value: immutable, safe for concurrent use. Equality compares content, not origins;
/// the order of an object's fields does not count.
/// </summary>
public abstract class HoconValue : IEquatable<HoconValue>
{
    private protected HoconValue(HoconOrigin origin) => Origin = origin;

    /// <summary>Where the value was written. A merged object has the origin of its last definition.</summary>
    public HoconOrigin Origin { get; }

    /// <summary>What the value is, as error messages name it: <c>an object</c>, <c>a string</c>.</summary>
    public abstract string Description { get; }

    /// <summary>Characters that the value takes when it is written out; bounds shared subtrees.</summary>
    internal abstract long WrittenSize { get; }

    /// <summary>Containers on the longest way down, itself included.</summary>
    internal virtual int Height => 0;

    /// <inheritdoc/>
    public abstract bool Equals(HoconValue? other);

    /// <inheritdoc/>
    public sealed override bool Equals(object? obj) => Equals(obj as HoconValue);

    /// <inheritdoc/>
    public abstract override int GetHashCode();
}
