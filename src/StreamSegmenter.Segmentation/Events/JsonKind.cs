namespace StreamSegmenter.Segmentation.Events;

/// <summary>What a <see cref="JsonCursor"/> stands on.</summary>
public enum JsonKind : byte
{
    /// <summary>Nothing: the property or element is not there.</summary>
    Missing = 0,
    Null = 1,
    False = 2,
    True = 3,
    Number = 4,
    String = 5,
    Array = 6,
    Object = 7,
}
