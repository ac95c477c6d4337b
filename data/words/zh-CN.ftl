### 居民: the words on screen in Chinese. Keys are grouped by the room that says them.

## Anywhere
app-name = 居民
