// Test runners rewrite import() in the modules they load, and would then run the app through their own transforms.
// Node loads this file itself.
module.exports = (url) => import(url);
